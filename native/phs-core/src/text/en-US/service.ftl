# Texts of the step Service.

phs801-staging = The server is in staging mode, so it sends no passwords and owes no heartbeat.
phs801-switched-off = Password hash sync is switched off for { $connector }, so it owes no heartbeat.
phs801-alive = { $connector }: the agent was active at { $time } (event { $id }).
phs801-cycle = { $connector }: the agent ended a cycle at { $time }.
phs801-no-cycle = { $connector }: the agent never ended a cycle of password hash sync.
    .why = It looks for changed passwords every two minutes while it runs.
    .remedy = Look in the Application log for events of the source "Directory Synchronization" with the ids 611, 613 and 615, then restart the service "Microsoft Entra ID Sync" (Restart-Service ADSync).
phs801-agent-only = { $connector }: the agent was active at { $time }, but the log holds nothing else, so it does not tell when it was saved.
    .why = The log was filtered when it was saved. The agent may have been silent ever since its last event.
    .remedy = Save the whole Application log (wevtutil epl Application <file>.evtx) and give that.
phs801-rolled-over = { $connector }: the log is not whole for the last { $hours } hours, so silence in it proves nothing.
    .why = A busy Application log overwrites the agent's events; a part that could not be read may have held them.
    .remedy = Enlarge the Application log (wevtutil set-log Application /maxsize:268435456), wait { $hours } hours and run this again.
phs801-stopped = { $connector }: the agent told at { $time } that it does not run (event { $id }), and did nothing since.
    .why = Event 607 says that it cannot start, 609 that it has stopped, 610 that it cannot stop, 615 that a thread of it ended with an exception.
    .remedy = Restart the service "Microsoft Entra ID Sync" (Restart-Service ADSync) and look for events 601 and 654. If it stops again, the events before it say why.
phs801-stale = { $connector }: the agent was last active at { $time }, more than { $hours } hours before the log was read.
    .why = The agent writes a heartbeat every 30 minutes when it has nothing to send. A longer silence means that it does not run.
    .remedy = Restart the service "Microsoft Entra ID Sync" (Restart-Service ADSync) and look for event 654 within the hour.
    .remedy2 = If it stays silent and no error is logged, trigger one full password synchronisation as the guide describes. Only once.
phs801-silent = { $connector }: the log holds no activity of the agent for this connector in the last { $hours } hours.
    .why = The agent writes a heartbeat every 30 minutes when it has nothing to send. A longer silence means that it does not run.
    .remedy = Restart the service "Microsoft Entra ID Sync" (Restart-Service ADSync) and look for event 654 within the hour.
    .remedy2 = If it stays silent and no error is logged, trigger one full password synchronisation as the guide describes. Only once.

phs802-none = No unresolved error of the agent in the last { $hours } hours{ $stale ->
    [0] {""}
    [one] {" "}(one was followed by a success)
   *[other] {" "}({ $stale } were followed by a success)
}.
phs802-when = { $count ->
    [one] once, at { $last }
   *[other] { $count } times between { $first } and { $last }
}
phs802-rolled-over = The log is not whole for the last { $hours } hours, so the absence of errors in it proves nothing.
    .why = A busy Application log overwrites the agent's events; a part that could not be read may have held them.
    .remedy = Enlarge the Application log (wevtutil set-log Application /maxsize:268435456) and run this again later.
phs802-persistent = It persists
phs802-transient = It may be transient
phs802-access-denied = { $place }: replication access was denied (8453) { $when }. { $kind }.
    .why = The connector account lacks Replicating Directory Changes or Replicating Directory Changes All on this domain.
    .remedy = Run Test-PhsPermissions to see which right is missing and why, and grant it on the domain head.
phs802-bind = { $place }: the directory refused the bind { $when }. { $kind }.
    .why = Wrong, expired or locked credentials of the connector account, or a domain controller that does not answer.
    .remedy = Run Test-PhsPermissions to see the state of the account.
    .remedy2 = Enter the account's current password under Synchronization Service Manager > Connectors > Properties > Connect to Active Directory Forest.
phs802-fips = The password hash could not be decrypted because of FIPS policy, { $when }. { $kind }.
    .why = The agent needs MD5 to unwrap hashes; FIPS policy forbids it.
    .remedy = In miiserver.exe.config (%programfiles%\Microsoft Azure AD Sync\Bin), node configuration/runtime, set enforceFIPSPolicy enabled="false", save, and restart the server.
phs802-code-5 = { $place }: access was denied (5) { $when }. { $kind }.
    .why = Not a missing replication right but a refused call: RPC hardening, restrictions on remote SAM calls, or Kerberos trouble.
    .remedy = Check RPC and SAM restrictions on the domain controller, and that the server can get Kerberos tickets.
phs802-code-1331 = { $place }: the connector account is disabled (1331), { $when }. { $kind }.
    .why = A disabled account cannot log on.
    .remedy = Enable the account, or run the wizard and enter another one.
phs802-code-1722 = { $place }: the RPC server is unavailable (1722), { $when }. { $kind }.
    .why = TCP 135 or the dynamic RPC ports are blocked, the domain controller is down, or its name resolves wrongly.
    .remedy = Run Test-PhsConnectivity; open TCP 135 and 49152-65535 from the Connect server to every domain controller.
phs802-code-1753 = { $place }: the endpoint mapper has no replication endpoint (1753), { $when }. { $kind }.
    .why = Active Directory Domain Services does not run on that host, or a firewall filters the endpoint mapper.
    .remedy = Check the service NTDS on the domain controller, and firewalls that inspect RPC.
phs802-code-rpc = { $place }: the RPC call failed ({ $code }), { $when }. { $kind }.
    .why = A network appliance, load or authentication trouble cuts the call off.
    .remedy = Look at firewalls and load between the Connect server and this domain controller.
phs802-code-8333 = { $place }: a directory object was not found (8333), { $when }. { $kind }.
    .why = The object vanished between two calls, or the name of the domain controller leads to another one.
    .remedy = Check DNS for the domain controller and replication between domain controllers.
phs802-code-8439 = { $place }: the distinguished name was not valid for replication (8439), { $when }. { $kind }.
    .why = The partition is stale or no domain; a hidden refusal of access shows in the same way.
    .remedy = Run Test-PhsPermissions for this domain, and refresh the connector's partitions.
phs802-code-8453 = { $place }: replication access was denied (8453) outside of the call that reads passwords, { $when }. { $kind }.
    .why = Named outside of GetNCChanges this number is weak evidence of missing rights.
    .remedy = Run Test-PhsPermissions for this domain; it tells what the rights really are.
phs802-code-8456 = { $place }: outbound replication is disabled on the domain controller (8456), { $when }. { $kind }.
    .why = A domain controller that may not replicate gives no hashes.
    .remedy = On that domain controller: repadmin /options <DC> -DISABLE_OUTBOUND_REPL
phs802-code-8593 = { $place }: replication epochs differ (8593), { $when }. { $kind }.
    .why = The domain was renamed.
    .remedy = Update Microsoft Entra Connect, and refresh the connector's schema and partitions.
phs802-code-dc = { $place }: the domain controller could not serve replication ({ $code }), { $when }. { $kind }.
    .why = The naming context is not held there in full, or its database is in trouble.
    .remedy = Run dcdiag on that domain controller.
phs802-code-resource = { $place }: out of a resource ({ $code }), { $when }. { $kind }.
    .why = Memory, handles or disk ran short on the domain controller or the Connect server.
    .remedy = Look at resources on both, and restart the service.
phs802-code-other = { $place }: error { $code }, { $when }. { $kind }.
    .why = The directory refused or failed a call of the agent.
    .remedy = Look the number up with: net helpmsg { $code }
phs802-service-81 = The cloud service was busy (error 81), { $when }. { $kind }.
    .why = The agent tries again by itself.
    .remedy = Wait; if it persists, update Microsoft Entra Connect.
phs802-service-90 = Password hash sync is not activated for the tenant (error 90), { $when }. { $kind }.
    .why = The tenant refuses hashes until its feature is switched on.
    .remedy = Run the wizard > Customize synchronization options and tick Password hash synchronization.
phs802-service-other = The cloud service answered error { $code }, { $when }. { $kind }.
    .why = Batches of passwords did not reach the tenant.
    .remedy = Look at the text of the event on the server, and at the health of the service.
phs802-event-115 = Access to the cloud was denied, { $when } (event 115). { $kind }.
    .why = The credentials of the account for the cloud changed.
    .remedy = Run the wizard again and sign in as a Hybrid Identity Administrator, so that it renews the account.
phs802-event-616 = A preferred domain controller could not be reached, { $when } (event 616). { $kind }.
    .why = With "Only use preferred domain controllers" a dead one stops the domain.
    .remedy = Correct the list of preferred domain controllers in the connector, then restart the service.
phs802-event-cloud = Sending to the cloud failed { $when } (event { $id }). { $kind }.
    .why = Batches of passwords or heartbeats did not reach the tenant.
    .remedy = Check the way to the cloud: proxy, TLS 1.2, and the credential for the cloud.
phs802-event-666 = SQL deadlock, { $when } (event 666). { $kind }.
    .why = The database of the service could not finish a transaction; the agent tries again.
    .remedy = If it persists, look at the SQL Server's load and at LocalDB's size.
phs802-event-664 = The synchronisation of a single user's password failed, { $when } (event 664). { $kind }.
    .why = Somebody pushed one user's password by hand and it failed.
    .remedy = Run Test-PhsUser for that user.
phs802-event-other = The agent failed { $when } (event { $id }). { $kind }.
    .why = The agent logged an error that it does not explain by a number.
    .remedy = Read the event on the server; if it persists, restart the service.

phs807-paused = The agent is paused since { $time }: the first full directory synchronisation has not finished (event 613).
    .why = No password is sent before every user has been synchronised once.
    .remedy = Let the initial synchronisation finish: Start-ADSyncSyncCycle -PolicyType Initial, and look at its run profiles.
phs807-done = Passwords were on their way at { $time } (event { $id }), so the first synchronisation has finished.
phs807-cycles = { $connector }: a cycle of password hash sync succeeded in every selected domain.
phs807-no-cycle = { $connector }: no cycle of password hash sync ever succeeded in { $partitions }.
    .why = No password of these domains was sent yet: the first full directory synchronisation has not finished, or the domain was added to the scope since, or the agent cannot read it.
    .remedy = Let the initial synchronisation finish: Start-ADSyncSyncCycle -PolicyType Initial, and look at its run profiles.
    .remedy2 = If it has finished: run Test-PhsPermissions and Test-PhsConnectivity for these domains.
phs807-unknown = The log shows neither a pause nor a password on its way.

phs808-none = No unresolved sign-in error of the account for the cloud in the last { $hours } hours{ $stale ->
    [0] {""}
    [one] {" "}(one was followed by a success)
   *[other] {" "}({ $stale } were followed by a success)
}.
phs808-50034 = The account for the cloud does not exist (AADSTS50034), { $when }. { $kind }.
    .why = Without it nothing reaches the tenant.
    .remedy = Run the wizard again so that it makes a new account.
phs808-50055 = The password of the account for the cloud has expired (AADSTS50055), { $when }. { $kind }.
    .why = Without a valid sign-in nothing reaches the tenant.
    .remedy = Run the wizard again so that it renews the credential.
phs808-50057 = The account for the cloud is disabled (AADSTS50057), { $when }. { $kind }.
    .why = Without a valid sign-in nothing reaches the tenant.
    .remedy = Enable the Sync_... account in the tenant.
phs808-interaction = The account for the cloud is asked for more than its credential (AADSTS{ $code }), { $when }. { $kind }.
    .why = Multi-factor authentication or conditional access stops a service that cannot answer.
    .remedy = Exclude the Sync_... account from conditional access, or move to application-based authentication.
phs808-50126 = The credential of the account for the cloud is wrong (AADSTS50126), { $when }. { $kind }.
    .why = Without a valid sign-in nothing reaches the tenant.
    .remedy = Run the wizard again so that it renews the credential.
phs808-90002 = The tenant was not found (AADSTS90002), { $when }. { $kind }.
    .why = The server is set up for a tenant that does not exist in this cloud.
    .remedy = Run the wizard again for the right tenant and cloud.
phs808-certificate = The certificate or secret of the application for the cloud is not accepted (AADSTS{ $code }), { $when }. { $kind }.
    .why = It has expired or was replaced.
    .remedy = Renew it with the wizard (Get-ADSyncEntraConnectorCredential shows what is used).
phs808-other = The sign-in to the cloud failed (AADSTS{ $code }), { $when }. { $kind }.
    .why = Without a valid sign-in nothing reaches the tenant.
    .remedy = Look the code up at https://login.microsoftonline.com/error, and run the wizard again.

phs806-supported = Build { $build } is supported.
phs806-retired = Build { $build } is retired since { $on }.
    .why = Builds below { $floor } stopped working on that day: nothing is synchronised, neither users nor passwords.
    .remedy = Upgrade Microsoft Entra Connect Sync to the newest build.
phs806-was-retired = Build { $build } is retired since { $on }, unless the server was upgraded since this old evidence was collected.
    .why = Builds below { $floor } stopped working on that day: nothing is synchronised, neither users nor passwords.
    .remedy = Export the configuration anew and diagnose that; if it still shows this build, upgrade Microsoft Entra Connect Sync to the newest one.
phs806-retiring = Build { $build } will be retired on { $on }.
    .why = Builds below { $floor } stop working on that day: nothing will be synchronised, neither users nor passwords.
    .remedy = Upgrade Microsoft Entra Connect Sync to the newest build before that day.
phs806-unknown = The build is not known from { $file }: { $reason }.
phs806-unreadable = The build "{ $build }" cannot be understood.

host-unknown = Not known of { $host }: { $reason }.

phs803-runs = The service ADSync runs on { $host }.
phs803-starting = The service ADSync is starting on { $host }.
    .why = Until it has started nothing is synchronised.
    .remedy = Run this again in a minute. If it never gets further, look at the System and Application logs and at the service's database.
phs803-not-automatic = The service ADSync runs on { $host }, but will not start by itself after a restart of the machine.
    .why = After the next restart nothing will be synchronised until somebody starts it.
    .remedy = In PowerShell on the Connect server (this changes the server): Set-Service -Name ADSync -StartupType Automatic
phs803-stopped = The service ADSync does not run on { $host } (state { $state }).
    .why = Without the service nothing is synchronised, neither users nor passwords.
    .remedy = In PowerShell on the Connect server (this changes the server): Start-Service -Name ADSync
    .remedy2 = If it stops again: see the System and Application logs for the reason. Often it is the service account's password or right to log on as a service, or the database (LocalDB, SQL Server).
phs803-enable = The service is disabled: first Set-Service -Name ADSync -StartupType Automatic
phs803-not-installed = There is no service ADSync on { $host }.
    .why = Without the service nothing is synchronised, neither users nor passwords.
    .remedy = Make sure that this is the Connect server. If it is, the installation is damaged: run the installer of Microsoft Entra Connect Sync again.

phs804-off = FIPS policy is off.
phs804-exempted = FIPS policy is on, and the service is exempted from it in { $file }.
phs804-enforced = FIPS policy is on and applies to the service.
    .why = The agent needs MD5 to unwrap the password hashes that a domain controller sends; FIPS policy forbids it, so no password can be read.
    .remedy = In { $file }, node configuration/runtime, add <enforceFIPSPolicy enabled="false"/>, save, and restart the server (this changes the server).
    .remedy2 = An upgrade of Microsoft Entra Connect may write the file anew: check it after each one.
phs804-logged = The agent could not decrypt password hashes because of FIPS policy, last at { $time } (event 667).
    .why = The agent needs MD5 to unwrap password hashes; FIPS policy forbids it.
    .remedy = In miiserver.exe.config (%programfiles%\Microsoft Azure AD Sync\Bin), node configuration/runtime, add <enforceFIPSPolicy enabled="false"/>, save, and restart the server (this changes the server). Where that is set already, the restart is still due.

phs805-on = TLS 1.2 is not switched off on { $host }.
phs805-off = TLS 1.2 is switched off on { $host }: { $values }.
    .why = The cloud takes TLS 1.2 and later only. Without it the service reaches neither tenant nor sign-in, and no password is sent.
    .remedy = Restart the server after the values are set.
phs805-server-off = TLS 1.2 is switched off on { $host } for its server side alone: { $values }.
    .why = The service itself is a client and still works, but what connects to this machine does not get TLS 1.2, and the prerequisites of Microsoft Entra Connect ask for both sides.
    .remedy = Restart the server after the values are set.
phs805-set = Set the registry value { $key }\{ $name } to { $value } (this changes the server).
