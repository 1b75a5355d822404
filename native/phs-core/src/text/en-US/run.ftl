# Texts of runs: progress, and errors of requests.

progress-export = Reading the server configuration export
progress-events = Reading the event log
progress-events-status = Records
progress-settings = Global settings
progress-connectors = Connectors ({ $files })
progress-rules = Synchronization rules ({ $files })
progress-evidence-file = Evidence file
progress-evidence-file-read = Reading
progress-evidence-file-users = Writing users ({ $users })
progress-judging = Judging
progress-step = Step { $step }
progress-audit = Judging the users of { $domain }
progress-audit-users = { $users } users, { $blocked } blocked, { $rate } a second
error-user-not-in-file = The evidence file { $file } holds no user { $name }.
    .action = Collect the evidence again with Export-PhsEvidence -User { $name }, or -AllUsers.
error-request-no-side = The request names no { $side } to compare.
    .action = Give two folders of a server configuration export, or two files of evidence: Compare-PhsEvidence <reference> <difference>.
error-request-no-source = There is nothing to diagnose: this machine is no Connect server, and no other source was named.
    .action = There are three ways. On the Connect server itself: run the command there without a source. From anywhere in the network: name a domain controller or domain (-Server, -Domain). Offline: give the folder of a server configuration export (-Path), or an evidence file (-Evidence).
error-adsync-not-permitted = The ADSync module refused { $command }: { $detail }
    .action = Start PowerShell elevated ("Run as administrator"), with an account that is a member of the group { $group } on the Connect server. After joining the group sign out and in again.
error-adsync-failed = { $command } of the ADSync module failed: { $detail }
    .action = Run the command by itself on the Connect server to see what is wrong. What it would have told is skipped, and the rest is judged.
error-user-not-at-hand = The user "{ $identity }" is not among the users that were read on the Connect server.
    .action = Name the user by distinguished name, or name a domain controller (-Server) with -Credential, which finds users by any name.
error-account-not-found = No connector account is named for { $target }.
    .action = Make sure that the export is complete, or ask the directory: Get-PhsConnectorAccount -Server <domain controller>.

# What works on this machine.

capability-ldaps = LDAP over TLS from the first byte (LDAPS, port 636), TLS 1.2 or later.
capability-start-tls = LDAP that turns to TLS (StartTLS, port 389), TLS 1.2 or later.
capability-trust-store = Certificates are verified by the certificate store of this machine.
    .action = For a private root give -CaCertificate.
capability-trust-store-missing = The certificate store of this machine cannot be used: { $detail }
    .action = Give the root certificate of the domain controllers with -CaCertificate.
capability-sign-and-seal = LDAP is signed and sealed for the user who is signed in, by Kerberos through SSPI, with -Encryption SignAndSeal.
capability-sign-and-seal-elsewhere = Signing and sealing takes the logon of Windows (SSPI), which this system does not have.
    .action = Give a credential with -Credential; it is only sent over TLS.
capability-ticket-cache = A Kerberos ticket cache is not used in this version.
    .action = Give a credential with -Credential; it is only sent over TLS.
capability-name-resolution = Domain controllers are found through the DNS servers of this machine.
capability-name-resolution-missing = The DNS configuration of this machine cannot be read: { $detail }
    .action = Name domain controllers with -Server.
capability-server-configuration-export = Server configuration exports are read from -Path, without a network.
capability-replication-probe = Asking a domain controller for a replication (PHS104) is not part of this version.
    .action = The rights that are read from the directory (PHS101) are judged by the same algorithm.
