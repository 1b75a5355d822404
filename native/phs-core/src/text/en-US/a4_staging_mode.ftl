# Texts of guide step A4.

settings-unknown = { $names } is not known from { $file }: { $reason }.

phs401-on = Server { $server } is in staging mode.
    .why = A staging server imports and synchronises, but exports nothing and sends no password hashes. That is healthy if another server is active, and the cause of missing passwords if this one should be.
    .remedy = If another server is active, diagnose that one; suppress this finding here.
    .remedy2 = If this should be the active server: first put the other one into staging mode or switch it off, for only one may be active; then start the Microsoft Entra Connect wizard here, choose "Configure staging mode" and clear "Enable staging mode". Password hash sync goes on where it left off.
phs401-off = Server { $server } is not in staging mode.

phs402-runs = The scheduler is enabled, not suspended, and its next cycle was due.
phs402-faults = The scheduler does not run: { $faults }.
    .why = Without cycles new and changed users do not reach the cloud, and their password hashes have nowhere to go. Hashes of users who are there already may still be sent.
phs402-disabled = the sync cycle is disabled
phs402-enable = In PowerShell on the Connect server (this changes the server): Set-ADSyncScheduler -SyncCycleEnabled $true
phs402-suspended = it is suspended
phs402-resume = Finish or close the Microsoft Entra Connect wizard, which suspends the scheduler while it is open. If no wizard is open, in PowerShell on the Connect server (this changes the server): Set-ADSyncScheduler -SchedulerSuspended $false
phs402-late = its next cycle was due { $next }, long before the configuration was exported ({ $exported })
phs402-overdue = its next cycle was due { $next }, and none had begun at { $read }
phs402-start = See in the Synchronization Service Manager under "Operations" how the last cycle ended. Restart the ADSync service if it hangs; then, in PowerShell on the Connect server (this starts a cycle): Start-ADSyncSyncCycle -PolicyType Delta
phs402-no-maintenance = The scheduler runs, but its maintenance task is disabled.
    .why = The maintenance task renews keys and certificates and clears the operations log. Without it the credential for the cloud expires in the end.
phs402-unmaintained = its maintenance task is disabled
phs402-maintain = In PowerShell on the Connect server (this changes the server): Set-ADSyncScheduler -MaintenanceEnabled $true
