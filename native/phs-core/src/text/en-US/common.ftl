# Texts that several steps share.

not-supported = { $name } is not built into this version.
no-user = No user was named, so the steps for one user do not apply.
evidence-missing = No { $kind } evidence was given, so this was not checked.
    .why = A question that was not asked is no sign of health.
need-server = server configuration
need-directory = directory
need-network = network
need-events = event log
need-cloud = tenant
need-user = user
need-host = host
check-broke = The check broke: { $detail }
    .why = This is a fault of the tool. All other checks went on.
    .remedy = Report it with the message above.
