# Texts of guide step B3.

phs701-user = The object is a user.
phs701-not-read = The object's class was not read.
    .why = Only objects of class user have their passwords synchronised.
    .remedy = Read the user with an account that may read objectClass.
phs701-inet-org-person = { $basis ->
        [default] Under default rules, and any other, the password of an inetOrgPerson is not synchronised
       *[rules] The password of an inetOrgPerson is not synchronised
    }.
    .why = Such an object may be in the cloud, but password hash sync takes objects of class user only.
    .remedy = Make the person an object of class user.
phs701-computer = The object is a computer: its password is not synchronised.
    .why = Password hash sync takes objects of class user only.
    .remedy = Nothing is to be done, unless another object was meant.
phs701-service-account = The object is a managed service account ({ $class }): its password is not synchronised.
    .why = Password hash sync takes objects of class user only; the domain controllers make the passwords of managed service accounts.
    .remedy = Nothing is to be done, unless another object was meant.
phs701-other = Passwords of objects of class { $class } are not synchronised.
    .why = Password hash sync takes objects of class user only.
    .remedy = Nothing is to be done, unless another object was meant.
phs701-conflict = { $basis ->
        [default] Under default rules the loser of a replication conflict is not synchronised, and this object is one
       *[rules] The object is the loser of a replication conflict
    } (its name holds "\0ACNF:").
    .why = Two objects of one name were made on two domain controllers; this is the one that was renamed.
    .remedy = Find the object that won, move what is needed to it, and delete or rename this one.
phs701-critical = { $basis ->
        [default] Under default rules a critical system object is not synchronised, and this object is one
       *[rules] The object is a critical system object
    } (isCriticalSystemObject is TRUE).
    .why = Built-in accounts such as Administrator, Guest and krbtgt are kept from the cloud.
    .remedy = Use an account of its own for the person; the flag of a built-in account is not to be changed.

phs702-not-filtered = No rule filters the user from the cloud.
phs702-no-metaverse-object = The user has no metaverse object, so nothing can filter it from the cloud.
phs702-filtered = Rule "{ $rule }" filters the user from the cloud (cloudFiltered is True), because of { $part }: { $values }.
    .why = An object with cloudFiltered True is not exported, so there is no user in the cloud for the password.
    .remedy = Change the attribute in Active Directory so that the condition no longer holds, if the user is meant to be in the cloud.
    .remedy2 = If the condition is wrong for it, override cloudFiltered in a rule of your own with a lower precedence number.
phs702-filtered-by-unknown = The user is filtered from the cloud (cloudFiltered is True).
    .why = An object with cloudFiltered True is not exported, so there is no user in the cloud for the password.
    .remedy = See in the Synchronization Service Manager which rule gives cloudFiltered its value.
phs702-unknown = Whether a rule filters the user from the cloud is not known: { $reason }.
    .why = What is not known is not taken for good.
    .remedy = Read what is missing and run the diagnosis again.
phs702-default-name = Under default rules the user is filtered from the cloud: { $attribute } is { $value }, and names with { $prefix } are those of system accounts.
    .why = An object that is filtered is not exported, so there is no user in the cloud for the password.
    .remedy = Rename the account, if it is a person's.
phs702-default-name-case = { $attribute } is { $value }: under default rules names with { $prefix } are filtered from the cloud, and no document says whether letter case matters.
    .why = What is not known is not taken for good.
    .remedy = Rename the account, if it is a person's.

phs703-none = The object has no synchronization or export error.
phs703-not-read = Errors that the synchronization service or the cloud holds of the object were not read.
phs703-not-permitted = Errors that the synchronization service holds of the object were not read, and those of the cloud may not be read: { $permission } is missing.
phs703-flow = A flow of rule "{ $rule }" to { $attribute } fails on this object: { $detail }.
    .why = The service reports a synchronization error on such an object and does not take it further.
    .remedy = Mend the attribute that the expression reads, or the expression in a copy of the rule.
phs703-errors = The object has errors: { $errors }.
    .why = An object with an error is not exported, or only in part.
    .remedy = Mend the cause in Active Directory (for a duplicate value: change it on one of the two objects), then let a synchronization run.
phs703-error = { $place }: { $error } { $detail }
phs703-ad = connector space of Active Directory
phs703-entra = Entra connector space
phs703-cloud = Microsoft Entra ID

phs704-usable = The source anchor is { $anchor }, the object in the Entra connector space { $name }.
phs704-no-metaverse-object = The user has no metaverse object, so it needs no source anchor.
phs704-unknown = Whether the user gets a source anchor is not known: { $reason }.
    .why = What is not known is not taken for good.
    .remedy = Read what is missing and run the diagnosis again.
phs704-none = The rules give the user no source anchor.
    .why = The source anchor ties the user to its object in the cloud; without one it is not exported.
    .remedy = Give the attribute that the source anchor is made of (mS-DS-ConsistencyGuid or objectGUID by default) a value that can be read by the connector account.
phs704-linked-mailbox = The user is a linked mailbox (msExchRecipientTypeDetails is 2) and gets no source anchor from this forest.
    .why = The account in the account forest is the one that is synchronised; its password is the one that counts.
    .remedy = Synchronise the account forest too, so that both objects join, or convert the mailbox to a user mailbox.
phs704-mismatch = The source anchor is { $anchor }, but the user in the cloud has { $cloud }.
    .why = The cloud user belongs to another object, so passwords of this one do not reach it.
    .remedy = Find out which object the cloud user was made from; move the anchor (mS-DS-ConsistencyGuid) to the right one.
phs704-cloud-only = The source anchor is { $anchor }, but the user in the cloud has none.
    .why = A cloud user without an immutable identifier is not tied to Active Directory, so no password reaches it.
    .remedy = Let the synchronization match the two by userPrincipalName or primary address, or set the immutable identifier of the cloud user.

phs705-not-read = userPrincipalName is not known: { $reason }.
phs705-domains-not-read = The verified domains of the tenant are not known: { $reason }.
phs705-verified = The suffix { $suffix } is verified in the tenant.
phs705-unverified = The suffix { $suffix } of { $name } is not verified in the tenant.
    .why = The password syncs, but the user signs in to the cloud under the name before the @ with the tenant's onmicrosoft.com domain.
    .remedy = Verify the domain in the tenant, or give the user a userPrincipalName with a suffix that is.
phs705-no-name = The user has no userPrincipalName.
    .why = The password syncs, but the cloud makes a name of the account name and the tenant's onmicrosoft.com domain.
    .remedy = Give the user a userPrincipalName with a suffix that is verified in the tenant.
