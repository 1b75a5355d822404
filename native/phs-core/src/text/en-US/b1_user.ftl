# Texts of guide step B1.

phs501-in-scope = Partition { $partition } of connector { $connector } and the filters of its rules let the user in.
phs501-name-unreadable = The distinguished name { $name } cannot be read, so it is not known which filters apply.
    .why = Scope is decided by where the object lies.
    .remedy = Ask for the user by objectGUID or SID.
phs501-no-partition = No connector has a partition for { $domain }.
    .why = A domain that no connector holds is not synchronised at all.
    .remedy = In the Microsoft Entra Connect wizard add the directory of { $domain } ("Connect your directories"), or select the domain under "Domain and OU filtering". If this is the configuration of another server, give the right one.
phs501-connectors-unreadable = No connector that could be read has a partition for { $domain }; { $files } could not be read.
    .why = The partition may stand in what could not be read.
    .remedy = Mend what the errors about these files say, and run the diagnosis again.
phs501-partition-not-selected = Partition { $partition } of connector { $connector } is not selected.
    .why = Nothing of a domain that is not selected is synchronised.
    .remedy = In the Microsoft Entra Connect wizard select the domain under "Domain and OU filtering", then let a full import run.
phs501-selection-not-read = Whether partition { $partition } is selected is not known: { $reason }.
phs501-container-excluded = Container { $container } is excluded in connector { $connector }, and no container nearer to the user is included.
    .why = Objects below an excluded container are not imported.
    .remedy = Move the user to a container that is synchronised, or include { $container } in the Microsoft Entra Connect wizard under "Domain and OU filtering". A changed filter needs a full import.
phs501-container-unreadable = The container name { $container } in the connector's filter cannot be read.
phs501-container-both = Container { $container } is both included and excluded.
phs501-class-excluded = Objects of class { $class } are not in scope in partition { $partition }.
    .why = The connector imports only the classes that are selected.
    .remedy = Select the class in the properties of the connector, in the Synchronization Service Manager, if such objects are to be synchronised.
phs501-group-unreadable = The name of the filtering group, { $group }, cannot be read.
phs501-groups-not-read = Group filtering is on ({ $group }), and the user's memberships were not read.
phs501-not-in-group = Group filtering is on, and the user is not a direct member of { $group }.
    .why = Only direct members of that group are synchronised; nested members are not. Group filtering is meant for pilots only.
    .remedy = Add the user to the group itself, or end the pilot: run the Microsoft Entra Connect wizard anew with "Synchronize all users and devices".
phs501-rules-unknown = Whether a rule takes the user into the metaverse is not known: { $reason }.
phs501-no-rules-for-type = No inbound rule of the connector is for objects of class { $class }.
    .why = An object without a rule stays a disconnector: it reaches neither metaverse nor cloud.
    .remedy = Only objects of class user have their passwords synchronised.
phs501-rule = No rule takes the user into the metaverse: { $clauses }.
    .why = Each clause of one group of a rule must hold. An object that no rule provisions or joins stays a disconnector and reaches neither metaverse nor cloud.
    .remedy = Change the attribute that the clause names so that it holds, if the user is meant to be synchronised.
    .remedy2 = If the clause is wrong, change it in a copy of the rule in the Synchronization Rules Editor; a changed rule needs a full synchronization.

phs502-not-read = What the synchronization service holds of the user was not read.
phs502-only-tenant = The user is in Microsoft Entra ID; what the synchronization service holds of it was not read.
phs502-not-permitted = What the synchronization service holds of the user was not read, and whether the user is in Microsoft Entra ID may not be read: { $permission } is missing.
phs502-holds = The user is in the connector space, in the metaverse and in the Entra connector space, and was exported.
phs502-not-imported = The connector space of Active Directory does not hold the user.
    .why = The chain breaks at its first link: the object was filtered or not imported yet.
    .remedy = Check the scope (PHS501); after a change of the filter run a full import.
phs502-placeholder = The connector space holds a placeholder for the user, not the user itself.
    .why = A placeholder stands for an object that another one refers to and that was not imported.
    .remedy = Check the scope (PHS501) and run a full import.
phs502-disconnector = The user is in the connector space and not joined to a metaverse object.
    .why = The chain breaks at its second link: no rule provisions or joins the object.
    .remedy = See which scope clause or join keeps it out (PHS501, PHS503), then run a full synchronization.
phs502-no-metaverse-object = There is no metaverse object for the user.
    .why = The chain breaks at its second link.
    .remedy = See which scope clause or join keeps it out (PHS501, PHS503), then run a full synchronization.
phs502-not-provisioned = The user is in the metaverse and not in the Entra connector space.
    .why = The chain breaks at its third link: an outbound scope or cloudFiltered keeps the object from the cloud.
    .remedy = See PHS702 and PHS503.
phs502-not-exported = The user is in the Entra connector space and was not exported to Microsoft Entra ID.
    .why = A password can only be sent for a user that exists in the cloud.
    .remedy = Let the export run; if it fails on this object, mend the error (PHS703).
phs502-not-in-tenant = Microsoft Entra ID has no user with the security identifier of this one.
    .why = A password can only be sent for a user that exists in the cloud.
    .remedy = A user who was made in the last half hour comes with the next synchronization cycle. Else see which filter keeps the user out (PHS501, PHS702), and whether the export fails on the object (PHS703).

phs503-applies = Rules "{ $inbound }" and "{ $outbound }" carry the password.
phs503-unknown = Whether a rule that carries the password applies is not known: { $reason }.
    .why = What is not known is not taken for good.
    .remedy = Read what is missing and run the diagnosis again.
phs503-inbound = No inbound rule that carries the password applies: { $clauses }.
    .why = Each clause of one group of a rule must hold. Without a rule with password sync on this side the password hash is never read.
    .remedy = Change the attribute that the clause names so that it holds, or the scope of the rule in a copy of it.
phs503-no-inbound-rule = No inbound rule for the user has password sync on.
    .why = Without a rule with password sync on this side the password hash is never read.
    .remedy = In the Synchronization Rules Editor enable "Password Sync" on the rule that stands in for "In from AD - User AccountEnabled".
phs503-outbound = No outbound rule that carries the password applies: { $clauses }.
    .why = Each clause of one group of a rule must hold; the attributes are those of the metaverse object. Without a rule with password sync on this side the hash has no way to the cloud.
    .remedy = Find the inbound rule that gives the metaverse attribute its value, and mend it or the attribute in Active Directory.
phs503-no-outbound-rule = No outbound rule for the user has password sync on.
    .why = Without a rule with password sync on this side the hash has no way to the cloud.
    .remedy = In the Synchronization Rules Editor enable "Password Sync" on the rule that stands in for "Out to AAD - User Join".
phs503-selective = Selective password hash sync leaves the user out: rule "{ $rule }" { $selection ->
        [excludes] is for users whose { $attribute } is { $marker }
       *[other] is for users whose { $attribute } is not { $marker }
    }, and { $attribute } { $value }.
    .why = This looks like intent, not like a fault: two rules that differ in one clause decide whose password is sent.
    .remedy = If the user's password is meant to sync, { $selection ->
        [excludes] clear { $attribute }
       *[other] set { $attribute } to { $marker }
    } on the user, and let a synchronization run.
phs503-lineage = The lineage of { $object } holds no rule with password sync, although by the rules one applies.
    .why = The service has not yet applied the present rules to the object.
    .remedy = Run a full synchronization.

phs504-not-read = The service's log of the user's password attempts was not read.
phs504-log-not-read = The service's log of the user's password attempts is not known: { $reason }.
phs504-success = The latest attempt, { $at }, succeeded.
phs504-failed = The latest attempt, { $at }, ended with { $status }: { $meaning }.
    .why = The cloud has the password of the last attempt that succeeded.
    .remedy = Mend what the status says; the service tries again with the next password change or synchronization of the user.
phs504-domain-services = The latest attempt, { $at }, ended with { $status }: { $meaning }.
    .why = It concerns Microsoft Entra Domain Services only, not the sign-in to the cloud.
    .remedy = Change the password once more if the managed domain needs it.
phs504-filtered-by-target = the password is temporary and is not sent
phs504-no-target-connection = there is no metaverse object, or no object in the Entra connector space
phs504-source-connector-not-present = the connector space of Active Directory does not hold the user
phs504-target-not-exported = the user was not exported to Microsoft Entra ID yet
phs504-migrated = the entry was written by an old build; its details are in the service's own log
phs504-missing-attribute = an attribute for Microsoft Entra Domain Services was not available
phs504-retry-requested = attributes for Microsoft Entra Domain Services were not available before and are sent again
phs504-error = the cloud service answered with an error
phs504-unknown = the batch could not be processed
phs504-nothing-to-send = No attempt is in the log, which goes back seven days; the password was last set { $at }, so there was nothing to send.
phs504-never-tried = The password was set { $at } and no attempt to send it is in the log.
    .why = Either the service has not come to it, or it cannot read the hash.
    .remedy = Wait for five minutes; if there is still none, check permissions and connectivity (Test-PhsPermissions, Test-PhsConnectivity).
phs504-empty-log = No attempt is in the log, and it is not known when the password was set.
