//! Global settings, scheduler, tenant features and password cycles.

use std::collections::BTreeMap;

use phs_core::evidence::cloud::TenantFeatures;
use phs_core::evidence::server::{PasswordCycle, Scheduler};
use phs_core::evidence::{Fact, UnknownReason};

use super::Answer;
use super::object::{Object, scalar};
use crate::export::redact;

/// Parameters by name. Secrets are left out where they are collected; a second look costs nothing.
pub(super) fn settings(answer: &Answer) -> Fact<BTreeMap<String, String>> {
    answer.object(parameters)
}

/// Parameters of a keyed collection.
pub(super) fn parameters(object: Object<'_>) -> BTreeMap<String, String> {
    object
        .0
        .iter()
        .filter_map(|(name, value)| {
            let value = redact::value(name, false, scalar(value)?);
            Some((name.clone(), value))
        })
        .collect()
}

pub(super) fn scheduler(object: Object<'_>) -> Scheduler {
    Scheduler {
        sync_cycle_enabled: object.flag("SyncCycleEnabled"),
        staging_mode: object.flag("StagingModeEnabled"),
        suspended: object.flag("SchedulerSuspended"),
        maintenance_enabled: object.flag("MaintenanceEnabled"),
        in_progress: object.flag("SyncCycleInProgress"),
        next_start: match object.time("NextSyncCycleStartTimeInUTC") {
            Fact::Known(Some(time)) => Fact::Known(time),
            Fact::Known(None) => Fact::unknown(UnknownReason::Absent),
            Fact::Unknown { reason, detail } => Fact::Unknown { reason, detail },
        },
        interval: object.text("CurrentlyEffectiveSyncCycleInterval"),
        next_policy: object.text("NextSyncCyclePolicyType"),
    }
}

pub(super) fn tenant_features(object: Object<'_>) -> TenantFeatures {
    TenantFeatures {
        password_hash_sync: object.flag("PasswordHashSync"),
        force_password_change_on_log_on: object.flag("ForcePasswordChangeOnLogOn"),
    }
}

pub(super) fn password_cycles(answer: &Answer) -> Fact<Vec<PasswordCycle>> {
    match answer.items() {
        Fact::Unknown { reason, detail } => Fact::Unknown { reason, detail },
        Fact::Known(items) => {
            let cycles: Option<Vec<_>> = items
                .into_iter()
                .map(|value| Object::of(value).map(cycle))
                .collect();
            cycles.map_or(Fact::unknown(UnknownReason::Unreadable), Fact::Known)
        }
    }
}

fn cycle(object: Object<'_>) -> PasswordCycle {
    PasswordCycle {
        connector: object.link("ConnectorId"),
        distinguished_name: object.word("DN"),
        last_end: object.time("PasswordSyncLastCycleEndTimestamp"),
        last_success: object.time("PasswordSyncLastSuccessfulCycleEndTimestamp"),
        status: object.text("PasswordSyncLastCycleStatus"),
    }
}
