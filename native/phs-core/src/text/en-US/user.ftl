# Texts that the steps B1 to B3 share.

user-consequence = A consequence of { $cause } ({ $name }): { $finding }
    .why = It goes away when { $cause } is mended, and is told so that the picture is whole.
    .remedy = Do what { $cause } says.
user-no-rules = The synchronization rules were not read, so only what blocks a user under the default rules is told.
    .why = Without the rules no user can be said to sync.
    .remedy = Give the folder of a server configuration export (-Path).
user-no-connector = No connector holds this user, so no rules apply.
user-rules-unreadable = { $file } could not be read, and a rule in it may decide.
    .why = A rule that was not read may let the user in or keep it out.
    .remedy = Mend what the error about { $file } says, and run the diagnosis again.
user-no-account = The object is no user account, so this does not apply.
user-clause = rule "{ $rule }" asks for { $clause } (group { $group }, clause { $place }), and { $attribute } { $value }
user-rule-disabled = rule "{ $rule }" is disabled
user-rule-not-linked = rule "{ $rule }" finds no object on the other side
user-value = is { $value }
user-value-absent = has no value
user-attribute-is = { $attribute } { $value }

why-attribute-not-read = attribute { $name } was not read
why-unknown-function = function { $name } is not known to this version
why-unknown-parameter = parameter { $name } has no known value
why-volatile = function { $name } gives another value each time
why-undocumented = { $name } is not documented
why-case-only = two texts differ in letter case only, and no document says whether that matters
why-unknown-operator = operator { $name } is not known to this version
why-unusable-value = value { $name } cannot be used with its operator
why-unknown-merge-type = merge type { $name } is not known to this version
why-unreadable = expression { $name } cannot be read
why-flow-failed = the flow to { $name } fails on this object
why-object-type-not-read = the object type was not read
why-join-not-decided = the join depends on objects that were not read
why-password-sync-not-stated = a rule does not state whether it carries password hashes
why-metaverse-attribute = metaverse attribute { $name } is unknown
why-too-much-work = an expression does more work than is allowed
