# Texts of guide step A1.

a1-no-account = No connector account was found through { $source }: none was named, no server configuration names one, and no account bears the marks of set-up (a name beginning with MSOL_, or its description).
    .why = Without the account there are no rights to judge.
    .remedy = Name it with -ConnectorAccount. Its name stands in Synchronization Service Manager, Connectors, Properties, "Connect to Active Directory Forest".
a1-account-not-found = The connector account was not found, so this was not checked.

# PHS101

phs101-passed = { $account } holds both replication rights on { $domain }.
    .why = { $changes } { $all }
phs101-failed = { $account } lacks { $missing } on { $domain }.
    .why = { $changes } { $all } Without both rights a domain controller answers 8453 (replication access was denied), and no password of this domain reaches the cloud.
phs101-undetermined = Whether { $account } holds both replication rights on { $domain } hangs on a condition.
    .why = { $changes } { $all } A conditional entry is decided by claims that only the domain controller knows.
    .remedy = Replace the conditional entry by a plain one, or see events 611 of the Connect server: error 8453 means that the domain controller refuses.
phs101-read-only = { $account } holds both replication rights on { $domain }, but { $server }, which was asked, is a read-only domain controller.
    .why = A read-only domain controller holds no password hashes to give: password hash sync needs a writable one. { $changes } { $all }
    .remedy = See that the domain controllers Connect uses (the preferred ones in the connector's partition) are writable, and name a writable one with -Server.
phs101-groups-unknown = Whether { $account } holds both replication rights on { $domain } is not known: its groups there could not be read in full ({ $detail }).
    .why = An entry for a group that the account may be in could change the answer. As far as is known: { $changes } { $all }
    .remedy = Use a credential that may read the groups, or a domain controller that can reach a global catalogue.
phs101-not-selected = { $domain } is left out of synchronisation, so no rights are needed there.
phs101-unreachable = The rights on { $domain } were not judged: { $detail }
    .why = Each domain of the forest needs the rights on its own head; those on another domain say nothing about this one.
    .remedy = Run the diagnosis from a machine that reaches a domain controller of { $domain }, or name one with -Server.
phs101-not-permitted = The security descriptor of { $domain } may not be read with this credential.
    .why = A descriptor that may not be read is neither good nor bad.
    .remedy = Use a credential that may read permissions on the domain head, such as a domain administrator.
phs101-unreadable = The security descriptor of { $domain } cannot be understood: { $detail }.
    .remedy = Report it with the message above.

right-get-changes = Replicating Directory Changes
right-get-changes-all = Replicating Directory Changes All
right-other = { $name }
right-both = Replicating Directory Changes and Replicating Directory Changes All

a1-granted = { $right } is granted by entry { $number } of the DACL, { $sddl }, which allows { $scope } to { $trustee }.
a1-granted-no-dacl = { $right } is granted because the domain head has no DACL: everyone may do everything.
a1-denied = { $right } is denied before any other entry allows it: entry { $number } of the DACL, { $sddl }, denies { $scope } to { $trustee }.
a1-undetermined = { $right } hangs on the condition of entry { $number } of the DACL, { $sddl }, about { $scope } for { $trustee }.
a1-empty-dacl = { $right } is granted to nobody: the DACL is empty.
a1-missing = { $right } is granted by no entry of the DACL to the account or to a group that it is in.
a1-missing-near = { $right } is granted by no entry of the DACL to the account or to a group that it is in. { $hint }

scope-right = this right
scope-all-extended-rights = all extended rights
scope-full-control = full control

near-inherit-only = Entry { $number }, { $sddl }, for { $trustee } is for inheritance only: it grants { $scope } on objects below the head, not on the head itself.
near-no-control = Entry { $number }, { $sddl }, for { $trustee } names { $scope } but lacks the bit for control access (CR), so it does not grant it.
near-filtered-set = Entry { $number }, { $sddl }, for { $trustee } is about the filtered attribute set; it is no substitute.

trustee-account = the account itself
trustee-group = the group { $name }, which speaks for the account
trustee-group-direct = the group { $name }, which the account is in
trustee-group-path = the group { $name }, which the account is in through { $path }
trustee-history = { $sid }, a former SID of the account
trustee-everyone = Everyone
trustee-authenticated-users = Authenticated Users
trustee-network = whoever logs on over the network
trustee-this-organization = whoever belongs to this organisation
trustee-self = the domain itself (SELF)
trustee-sid = { $sid }

remedy-grant = Grant what is missing on the domain head, this object only. As a domain administrator, in any language of Windows:
    {"$"}sid = [System.Security.Principal.SecurityIdentifier]'{ $sid }'
    {"$"}head = [adsi]'{ $path }'
    {"$"}head.psbase.Options.SecurityMasks = 'Dacl'
    foreach ({"$"}right in { $rights }) {"{"} {"$"}head.psbase.ObjectSecurity.AddAccessRule((New-Object System.DirectoryServices.ActiveDirectoryAccessRule({"$"}sid, 'ExtendedRight', 'Allow', [guid]{"$"}right))) {"}"}
    {"$"}head.psbase.CommitChanges()
remedy-grant-module = Or, on the Connect server, for every domain of the forest at once: Import-Module 'C:\Program Files\Microsoft Azure Active Directory Connect\AdSyncConfig\AdSyncConfig.psm1'; Set-ADSyncPasswordHashSyncPermissions -ADConnectorAccountName '{ $name }' -ADConnectorAccountDomain '{ $domain }'
remedy-grant-dsacls = Or, English Windows only: dsacls "{ $head }" /G { $grants }
remedy-remove-denial = Remove the denying entry; granting the right beside it does not help. As a domain administrator:
    {"$"}sid = [System.Security.Principal.SecurityIdentifier]'{ $sid }'
    {"$"}head = [adsi]'{ $path }'
    {"$"}head.psbase.Options.SecurityMasks = 'Dacl'
    {"$"}head.psbase.ObjectSecurity.RemoveAccessRule((New-Object System.DirectoryServices.ActiveDirectoryAccessRule({"$"}sid, 'ExtendedRight', 'Deny', [guid]'{ $right }')))
    {"$"}head.psbase.CommitChanges()
remedy-leave-group = Or take the account out of the group { $group }, if the denial is meant for its members.

# PHS102

phs102-passed = { $account } is enabled, and neither locked nor expired.
phs102-failed = { $account } cannot log on: { $reasons }.
    .why = Connect cannot bind with an account that cannot log on, whatever rights it holds; it logs events 611 or 612.
phs102-ending = { $account } can log on, but not for long: { $reasons }.
    .why = From then on Connect cannot bind, and passwords stop syncing.
    .remedy = Set its password to never expire, or renew it in time, here and in Synchronization Service Manager.
phs102-unknown = Whether { $account } can log on is not known: { $attribute } could not be read.
    .remedy = Use a credential that may read the account, such as a domain administrator.
phs102-not-found = There is no account { $account } in { $domains }.
    .why = Connect cannot bind with an account that does not exist.
    .remedy = See the name: in Synchronization Service Manager it stands under Connectors, Properties, "Connect to Active Directory Forest".
    .remedy2 = If the account was deleted, create one, grant it the replication rights and enter it there.
phs102-maybe-not-found = No account { $account } was found, but { $domains } could not be asked.
    .remedy = Run the diagnosis from a machine that reaches these domains.

nothing = nothing
and-also = { $first }; { $rest }

fault-disabled = it is disabled
fault-locked = it is locked out
fault-expired = it expired at { $date }
fault-password-expired = its password has expired
fault-must-change-password = its password must be changed before the next logon
ending-account = it expires at { $date }
ending-password = its password expires at { $date }

remedy-enable = Enable the account: Enable-ADAccount, or in Active Directory Users and Computers.
remedy-unlock = Unlock the account (Unlock-ADAccount), and find out what keeps trying a wrong password: often an old password in a connector or a service.
remedy-clear-expiry = Clear the account's expiry: Clear-ADAccountExpiration.
remedy-set-password = Set a new password with "user must change password at next logon" off, set it to never expire, and enter it in Synchronization Service Manager, Connectors, Properties, "Connect to Active Directory Forest".

# PHS103

phs103-passed = { $account } holds no more rights on the domain than it needs.
phs103-excess = { $account } holds more than password hash sync needs: { $items }.
    .why = Whoever gets hold of this account or of the Connect server owns the domain. The two replication rights, and read permissions, are enough.
    .remedy = Take the account out of these groups, or remove these entries, after granting the two replication rights by entries of its own.
    .remedy2 = Set-ADSyncRestrictedPermissions of the AdSyncConfig module tightens the permissions on the account itself.
phs103-unknown = Whether { $account } holds more than it needs is not known for { $domains }.

excess-member = member of { $group } in { $domain }
excess-member-path = member of { $group } in { $domain } through { $path }
excess-full-control = full control of the head of { $domain }
excess-write-dac = may change the permissions of the head of { $domain }
excess-write-owner = may take ownership of the head of { $domain }

# PHS105

phs105-passed = { $account } is the connector account ({ $how }).
phs105-several = Several accounts may be the connector account: { $accounts }. Each was judged.
    .why = Accounts of former Connect servers outlive them. Granting rights to the wrong one repairs nothing, and a forgotten one that still holds replication rights is a danger.
    .remedy = Name the one in use with -ConnectorAccount (the server in its description is in parentheses), and delete those that no server uses.
phs105-several-configured = The server configuration names several connector accounts, one for each connector: { $accounts }.
phs105-leftovers = Beside the connector account { $accounts } there are accounts of other or former servers: { $others }.
    .why = A forgotten account that still holds replication rights can read every password hash of the domain.
    .remedy = See which server each belongs to (the server in its description is in parentheses), and delete those that no server uses.
phs105-cloud-sync-only = Only accounts of the Cloud Sync agent were found: { $accounts }. Connect itself has no account here.
phs105-namesake = The name of { $account } exists in another domain of the forest too: { $others }.
    .why = A connector that names the account without its domain, or a repair by name, hits the wrong one; the symptom is "user name or password is incorrect" in the other domain.
    .remedy = Give the accounts different names, and enter the account with its domain in Synchronization Service Manager.

identified-given = as named
identified-configured = the connector { $connector } logs on with it
identified-description = its description names the server { $server }
identified-description-alone = its description is the one that set-up writes
identified-name = its name begins with MSOL_
identified-cloud-sync = a group managed service account of Cloud Sync
identified-holds-rights = it holds both replication rights (a hint, no proof)
