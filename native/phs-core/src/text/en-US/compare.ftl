# Texts of Compare-PhsEvidence: what differs, and .why it matters for password hash sync.

compare-side-reference = reference
compare-side-difference = difference
compare-empty = (empty)
compare-every-object = every object

# What cannot be compared.

compare-kind-missing = The { $side } holds no { $kind } evidence, so it was not compared.
    .why = What is known on one side only may differ.
compare-redacted = The { $side } is redacted: its names are pseudonyms of its own file, so nothing was compared.
    .why = A pseudonym says nothing about a name or a pseudonym of another file.
compare-part-unreadable = { $file } could not be read in the { $side }, so what it holds was not compared: { $detail }
    .why = A difference may hide in what could not be read.
compare-gap = { $property } is not known in the { $side }: { $reason }
compare-gaps = Not everything about { $target } could be compared: { $gaps }.
    .why = What is known on one side only may differ.

# Settings of the server.

compare-staging-on = Staging mode is off in the reference and on in the difference.
    .why = A server in staging mode sends no passwords. That is right for one of two servers, and for one only.
compare-staging-off = Staging mode is on in the reference and off in the difference.
    .why = The difference sends passwords and exports objects. Two servers that are both active disturb each other.
compare-schedule-on = The scheduler is off in the reference and on in the difference.
compare-schedule-off = The scheduler is on in the reference and off in the difference.
    .why = Without the scheduler new users and changed scopes are not taken up, so their passwords do not follow.
compare-suspended = The scheduler is suspended in the difference, not in the reference.
    .why = Without the scheduler new users and changed scopes are not taken up, so their passwords do not follow.
compare-resumed = The scheduler is suspended in the reference, not in the difference.
compare-sign-in = The sign-in method is { $before } in the reference and { $after } in the difference.
    .why = A change of the sign-in method does not switch password hash sync off by itself, but both are often changed together: look at the connectors as well.
compare-setting = { $name } is { $before } in the reference and { $after } in the difference.
compare-setting-only = { $name } is stated only in the { $side }: { $value }.
    .why = Builds of different age state different settings; the other side may go by a default.

# Connectors.

compare-connector-removed = Connector { $connector } and its { $rules ->
    [one] rule
   *[other] { $rules } rules
} are only in the reference.
    .why = The difference does not synchronise the users of this connector, nor their passwords.
compare-connector-added = Connector { $connector } and its { $rules ->
    [one] rule
   *[other] { $rules } rules
} are only in the difference.
    .why = The difference synchronises users that the reference does not.
compare-connector-hidden = Connector { $connector } is in the { $side }; it was not found in the { $other }, where not every connector could be read: { $files }.
    .why = It may stand in what could not be read.
compare-channel-off = Password hash sync for connector { $connector } is on in the reference and off in the difference.
    .why = While the channel of a connector is off, no password of its forest reaches the cloud.
compare-channel-on = Password hash sync for connector { $connector } is off in the reference and on in the difference.
    .why = The difference sends the passwords of this forest to the cloud; the reference does not.
compare-channel-target = Password hash sync for connector { $connector } sends to connector { $before } in the reference and to { $after } in the difference.
    .why = Password hashes go to the connector whose identifier the channel names.
compare-account = Connector { $connector } logs on as { $before } in the reference and as { $after } in the difference.
    .why = Each account needs both replication rights of its own on every domain head: Test-PhsPermissions tells for each.
compare-tenant-account = Connector { $connector } signs in to the cloud as { $before } in the reference and as { $after } in the difference.
compare-connector-value = { $property } of connector { $connector } is { $before } in the reference and { $after } in the difference.
compare-steps = only in the { $side } { $steps }
compare-steps-order = the same in another order
compare-profile-only = Run profile { $profile } of connector { $connector } is only in the { $side }.
    .why = What no run profile imports, synchronises and exports does not reach the cloud.
compare-profile-steps = Run profile { $profile } of connector { $connector } runs other steps: { $parts }.
    .why = What no run profile imports, synchronises and exports does not reach the cloud.

# Partitions.

compare-partition-only = Partition { $partition } of connector { $connector } is only in the { $side }{ $selected ->
    [true] , where it is selected
    [false] , where it is not selected
   *[other] {""}
}.
    .why = Users of a partition that is not there or not selected are not synchronised.
compare-partition-deselected = Partition { $partition } is selected in the reference and not in the difference.
    .why = Users of a partition that is not selected are not synchronised, nor are their passwords.
compare-partition-selected = Partition { $partition } is selected in the difference and not in the reference.
    .why = The difference synchronises the users of this partition; the reference does not.
compare-partition-domain = Partition { $partition } is flagged as a domain in the difference and not in the reference.
compare-partition-no-domain = Partition { $partition } is flagged as a domain in the reference and not in the difference.
    .why = Password hash sync passes over a partition that is not a domain to it.
compare-partition-other = Partition { $partition } has the objectGUID { $before } in the reference and { $after } in the difference.
    .why = One name, two domains: users of one are not users of the other.
compare-any-controller = For partition { $partition } only preferred domain controllers are used in the reference, any in the difference.
compare-preferred-only = For partition { $partition } any domain controller is used in the reference, only preferred ones in the difference.
    .why = If none of the preferred domain controllers can be reached, no password is read.
compare-preferred = The preferred domain controllers of partition { $partition } are { $before } in the reference and { $after } in the difference.
    .why = Password hash sync reads from these domain controllers first, or from them alone.
compare-exclusion = Container { $container } of partition { $partition } is excluded in the { $side } only.
    .why = Users below an excluded container are not synchronised, unless a container nearer to them is included.
compare-inclusion = Container { $container } of partition { $partition } is included in the { $side } only.
    .why = Of what lies below an excluded container only the included containers are synchronised.
compare-object-class = Object class { $class } of partition { $partition } is in scope in the { $side } only.

# Rules.

compare-password-rule-removed = Rule { $rule }, which carries passwords, is only in the reference.
    .why = Users whom only this rule lets through are synchronised without their password, or not at all.
compare-password-rule-added = Rule { $rule }, which carries passwords, is only in the difference.
    .why = The difference sends the passwords of the users whom this rule lets through.
compare-rule-only = Rule { $rule } ({ $direction }, { $object }) is only in the { $side }.
compare-rule-only-disabled = Rule { $rule } is only in the { $side }, where it is disabled.
compare-rule-listed = Rule { $rule } is only in the { $side }, a policy file that names it without its content.
compare-listed-precedence = Rule { $rule } has precedence { $before } in the reference and { $after } in the difference; its content could not be compared.
compare-rule-hidden = Rule { $rule } is in the { $side }; it was not found in the { $other }, where not every rule could be read: { $files }.
    .why = It may stand in what could not be read.
compare-password-rule-disabled = Rule { $rule }, which carries passwords, is enabled in the reference and disabled in the difference.
    .why = A disabled rule lets nobody through: users whom only this rule carries are synchronised without their password.
compare-password-rule-enabled = Rule { $rule }, which carries passwords, is disabled in the reference and enabled in the difference.
    .why = The difference sends the passwords of the users whom this rule lets through.
compare-rule-disabled = Rule { $rule } is enabled in the reference and disabled in the difference.
compare-rule-enabled = Rule { $rule } is disabled in the reference and enabled in the difference.
compare-password-sync-on = Rule { $rule } carries passwords in the difference and not in the reference (EnablePasswordSync).
    .why = The difference sends the passwords of the users whom this rule lets through.
compare-password-sync-off = Rule { $rule } carries passwords in the reference and not in the difference (EnablePasswordSync).
    .why = Users whom only this rule lets through are synchronised without their password.
compare-password-sync-unstated = Whether rule { $rule } carries passwords could not be compared: the { $side } does not state it (EnablePasswordSync).
    .why = What is known on one side only may differ.
compare-precedence = Rule { $rule } has precedence { $before } in the reference and { $after } in the difference, and stands before or behind other rules.
    .why = Where several rules apply, the lowest number wins.
compare-renumbered-one = Rule { $rule } has precedence { $before } in the reference and { $after } in the difference; the order of the rules is the same.
compare-renumbered = { $count } rules have other precedence numbers in the difference; their order is the same.
compare-rule-value = { $property } of rule { $rule } is { $before } in the reference and { $after } in the difference.
compare-clause-changed = The scope of rule { $rule } asks { $before } in the reference and { $after } in the difference.
    .why = The scope decides for which objects the rule applies.
compare-clause-only = The scope of rule { $rule } asks { $clause } in the { $side } only.
    .why = The scope decides for which objects the rule applies; every clause of a group must hold.
compare-scope-group = The scope of rule { $rule } lets in { $group } in the { $side } only.
    .why = The scope decides for which objects the rule applies; one group that holds is enough.
compare-scope-none = The scope of rule { $rule } lets in { $group } in the { $side } and every object in the { $other }.
    .why = A rule without a scope filter applies to every object.
compare-join = Rule { $rule } joins by { $before } in the reference and by { $after } in the difference.
    .why = The join decides which object of the metaverse an account becomes part of.
compare-flow-changed = Rule { $rule } writes { $attribute } from { $before } in the reference and from { $after } in the difference.
compare-flow-only = Rule { $rule } writes { $attribute } in the { $side } only, from { $flow }.

# The directory.

compare-domain-only = Domain { $domain } is only in the { $side }.
    .why = The connector account needs both replication rights on every domain whose users sync.
compare-right-removed = { $after } does not hold { $right } on { $domain } in the difference; in the reference { $before } holds it.
    .why = Without both replication rights on the domain head the domain controller gives no password hashes.
compare-right-added = { $after } holds { $right } on { $domain } in the difference; in the reference { $before } does not.
compare-right-conditional = Whether { $account } holds { $right } on { $domain } hangs on a condition in one of the two.
    .why = Only the domain controller can evaluate the condition of a conditional entry.
compare-right-unknown = Whether { $account } holds { $right } on { $domain } could not be compared: it is not known in the { $side }.
    .why = What is known on one side only may differ.

# The tenant.

compare-feature-on = { $feature } is off in the tenant in the reference and on in the difference.
    .why = The tenant's own switch: passwords are taken only while it is on.
compare-feature-off = { $feature } is on in the tenant in the reference and off in the difference.
    .why = The tenant's own switch: passwords are taken only while it is on.
compare-tenant = The reference is about tenant { $before }, the difference about tenant { $after }.
    .why = The two servers do not send to the same tenant, or the evidence is of two tenants.
compare-cloud-domain = Domain { $domain } is { $before } in the reference and { $after } in the difference.
    .why = Users of a managed domain sign in with the password that password hash sync sends; those of a federated domain at their own server.
compare-cloud-domain-only = Domain { $domain } is in the tenant in the { $side } only.

# What was compared, for -Verbose.

compare-compared = Compared: { $kinds }. Held by neither side: { $missing }.

# Answers of checks.

compare-outcome = { $check } for { $target } is { $before } in the reference and { $after } in the difference: { $message }
compare-outcome-only = { $check } for { $target } has an answer in the { $side } only ({ $outcome }): { $message }
