# Texts that several steps share.

not-supported = { $name } is not built into this version.
no-user = No user was named, so the steps for one user do not apply.
evidence-missing = No { $kind } evidence is at hand, so this was not checked.
    .why = A question that was not asked is no sign of health.
evidence-not-had = There is no { $kind } evidence, so this was not checked: { $detail }
    .why = A question that could not be asked is no sign of health.
    .remedy = Remove what stood in the way, and collect the evidence again.
evidence-not-asked-for = nobody asked for it
evidence-missing-row = { $kind }: { $why }
evidence-redacted = The names in this evidence file were replaced by pseudonyms, and what { $name } found before was not kept in it.
    .why = Rules and filters test names, so nothing can be judged anew with names replaced.
    .remedy = Run the diagnosis on the file that was not redacted.
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
part-unreadable = { $file } could not be read ({ $error }), so this was not checked.
    .why = A fault may hide in what could not be read.
    .remedy = Mend what the error about { $file } says, and run the diagnosis again.
server-not-permitted = Start PowerShell elevated, with an account that is a member of the group ADSyncAdmins on the Connect server, and run the diagnosis again.
part-not-held = { $file } does not hold all that this check asks: { $detail }.
    .why = What { $file } does not hold may be healthy or not.
    .remedy = Export the whole configuration on the Connect server (Get-ADSyncServerConfiguration -Path <folder>), and diagnose that.
unknown-not-collected = it was not collected
unknown-absent = the evidence does not hold it
unknown-not-permitted = access to it was refused
unknown-unreadable = it could not be read
unknown-not-supported = this kind of evidence never holds it
account-by-configuration = Connector { $connector } logs on with it ({ $file }).

# Progress.

progress-directory = Active Directory
progress-directory-connect = Connecting to a domain controller
progress-directory-domains = Reading the domains of the forest
progress-directory-account = Looking for the connector account
progress-directory-groups = Reading the groups of the connector account
