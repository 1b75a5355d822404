# Texts of guide step B2.

phs601-permanent = The user need not change the password at next logon.
phs601-no-password = The user has no password.
phs601-not-read = pwdLastSet is not known: { $reason }.
    .why = Whether the password is temporary is not known, and what is not known is not taken for good.
    .remedy = Read the user with an account that may read pwdLastSet.
phs601-feature-not-read = { $basis ->
        [default] Under default rules the user must change the password at next logon
       *[rules] The user must change the password at next logon
    } (pwdLastSet is 0), and a temporary password is not sent, unless ForcePasswordChangeOnLogOn is on in the tenant (not read: { $reason }).
    .why = The password that the cloud has stays the one before.
    .remedy = The user changes the password on-premises.
    .remedy2 = Or an administrator resets it with "User must change password at next logon" cleared.
phs601-feature-off = The user must change the password at next logon (pwdLastSet is 0), and the tenant does not take temporary passwords (ForcePasswordChangeOnLogOn is off).
    .why = The password that the cloud has stays the one before.
    .remedy = The user changes the password on-premises.
    .remedy2 = Or an administrator resets it with "User must change password at next logon" cleared.
    .remedy3 = To let temporary passwords sync from now on (this changes the tenant): Set-ADSyncAADCompanyFeature -ForcePasswordChangeOnLogOn $true. Password writeback should be on, or the change in the cloud does not reach Active Directory.
phs601-old-build = The user must change the password at next logon (pwdLastSet is 0); the tenant takes temporary passwords, but build { $build } is older than 2.0.3.0 and does not send them.
    .why = The password that the cloud has stays the one before.
    .remedy = The user changes the password on-premises.
    .remedy2 = Or an administrator resets it with "User must change password at next logon" cleared.
    .remedy3 = Upgrade Microsoft Entra Connect.
phs601-build-not-read = The user must change the password at next logon (pwdLastSet is 0); the tenant takes temporary passwords, but whether the build of Connect sends them (2.0.3.0 or later) is not known.
    .why = What is not known is not taken for good.
    .remedy = Give a server configuration export that names the build, or have the user change the password on-premises.
phs601-synced = The user must change the password at next logon (pwdLastSet is 0); tenant and build send it as a temporary password.
    .why = A flag that was set before the tenant feature was switched on still keeps the password from syncing.
    .remedy = If the user cannot sign in with the temporary password, clear "User must change password at next logon" and set it again.

phs602-set = The user has a password that was set on-premises.
phs602-never = The user never had a password.
    .why = There is no hash to send.
    .remedy = Set a password.
phs602-maybe-never = The user needs no password and may never have had one (pwdLastSet is 0, PASSWD_NOTREQD is set).
    .why = There may be no hash to send.
    .remedy = Set a password and clear PASSWD_NOTREQD.
phs602-not-required = The user needs no password (PASSWD_NOTREQD is set).
    .why = The password may be empty; an empty password is of no use in the cloud, and dangerous here.
    .remedy = Clear the flag and set a password.
phs602-old = The password was last set { $at }, before the domain could be at the functional level of Windows Server 2003.
    .why = Very old accounts may have no password hash that can be used.
    .remedy = Set the password anew.
phs602-cloud = The password was last changed { $cloud } in the cloud and { $set } on-premises.
    .why = A password that is set in the cloud holds until the next change on-premises.
    .remedy = Change the password on-premises to make both the same.

phs602-behind = The password was set { $set } on-premises, but the cloud still has one of { $cloud }.
    .why = A password reaches the cloud within minutes. This one has not, so the user signs in to the cloud with the old password, if at all.
    .remedy = Look at the other findings about this user, first those of step B1; if there are none, at PHS201, PHS202, PHS801 and PHS802.

phs603-enabled = The account is enabled and not expired.
phs603-not-read = userAccountControl is not known: { $reason }.
    .why = Whether the account is disabled is not known, and what is not known is not taken for good.
    .remedy = Read the user with an account that may read userAccountControl.
phs603-disabled = { $basis ->
        [default] Under default rules a disabled account sends no password hash, and this account is disabled
       *[rules] The account is disabled, and no rule carries the password of a disabled account
    } (userAccountControl, bit 2).
    .why = Rule "In from AD - User AccountEnabled", which carries the password, is for enabled accounts only. The cloud account is disabled with the next synchronization.
    .remedy = Enable the account, if it is meant to be used; its password then syncs with the next synchronization.
phs603-disabled-synced = The account is disabled, and a rule carries its password all the same.
    .why = The default rules do not; someone made a rule that does.
    .remedy = Make sure that this is meant.
phs603-expired = The account expired { $at }; its password syncs all the same.
    .why = The expiry of an account is not synchronised: the user can still sign in to the cloud.
    .remedy = Disable the account if the user is not to sign in to the cloud any more.
phs603-locked = The account is locked out now; its password syncs all the same.
    .why = A lockout is not synchronised: the user can still sign in to the cloud.
    .remedy = Nothing is needed for synchronization.

phs604-not-required = The account does not require a smart card.
phs604-required = The account requires a smart card, so its password is random and known to no one.
    .why = The hash that syncs is that of the random password: nobody can sign in to the cloud with it.
    .remedy = If the user is to sign in with a password, clear "Smart card is required for interactive logon" and set a password.
phs604-required-any-build = The account requires a smart card, so its password is random and known to no one. Builds before 2.4.18.0 leave the old password valid in the cloud.
    .why = The hash that syncs is that of the random password: nobody can sign in to the cloud with it.
    .remedy = If the user is to sign in with a password, clear "Smart card is required for interactive logon" and set a password.
phs604-old-build = The account requires a smart card, and build { $build } is older than 2.4.18.0: the old password stays valid in the cloud.
    .why = A user who should sign in with a smart card only can still sign in to the cloud with the old password.
    .remedy = Upgrade Microsoft Entra Connect.
