//! The host of a Connect server, as PowerShell read it there: the field `evidence.host` of a request.

use phs_core::evidence::host::{FipsPolicy, HostEvidence, RegistryFlag, Service, StartMode};
use phs_core::evidence::{Fact, UnknownReason};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// What PowerShell read. A part that was refused or failed says why; `null` means that it was looked for and is not there.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Host {
    /// The machine's name.
    pub machine: String,
    /// When it was read, in UTC.
    pub collected_at: String,
    /// State of the service `ADSync`, by its name.
    pub service_state: Reading<String>,
    /// Registry values of the service's key.
    pub service_start: Reading<u32>,
    /// Account of the service.
    pub service_account: Reading<String>,
    /// Registry value `FipsAlgorithmPolicy\Enabled`.
    pub fips_enabled: Reading<u32>,
    /// `enabled` of `enforceFIPSPolicy` in the configuration file; null where the file has no such element.
    pub enforce_fips: Reading<String>,
    /// The configuration file.
    pub config_file: String,
    /// Registry values of TLS 1.2.
    pub tls: Vec<TlsValue>,
    /// File version of the service's program.
    pub build: Reading<String>,
}

/// One value.
#[derive(Debug, Clone)]
pub struct Reading<T> {
    /// The value; none: it is not there.
    pub value: Option<T>,
    /// Why it is not known.
    pub error: Option<UnknownReason>,
}

/// A value of another type than the system gives it, such as a number as text, tells nothing, and leaves the rest readable.
impl<'de, T: DeserializeOwned> Deserialize<'de> for Reading<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            #[serde(default)]
            value: Value,
            error: Option<UnknownReason>,
        }
        let raw = Raw::deserialize(deserializer)?;
        Ok(match serde_json::from_value(raw.value) {
            Ok(value) => Self {
                value,
                error: raw.error,
            },
            Err(_) => Self {
                value: None,
                error: Some(raw.error.unwrap_or(UnknownReason::Unreadable)),
            },
        })
    }
}

impl<T> Default for Reading<T> {
    fn default() -> Self {
        Self {
            value: None,
            error: Some(UnknownReason::NotCollected),
        }
    }
}

/// A registry value.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TlsValue {
    /// Key, with its hive.
    pub key: String,
    /// Name.
    pub name: String,
    /// The number.
    pub value: Reading<u32>,
}

impl<T: Clone> Reading<T> {
    fn optional(&self) -> Fact<Option<T>> {
        match self.error {
            Some(reason) => Fact::unknown(reason),
            None => Fact::Known(self.value.clone()),
        }
    }

    fn fact(&self) -> Fact<T> {
        match self.optional() {
            Fact::Known(Some(value)) => Fact::Known(value),
            Fact::Known(None) => Fact::unknown(UnknownReason::Absent),
            Fact::Unknown { reason, detail } => Fact::Unknown { reason, detail },
        }
    }
}

/// Makes evidence of it.
pub fn read(given: &Host) -> HostEvidence {
    HostEvidence {
        source: given.machine.clone(),
        observed_at: given.collected_at.trim().parse().ok(),
        service: service(given),
        fips: FipsPolicy {
            enabled: match given.fips_enabled.optional() {
                Fact::Known(value) => Fact::Known(value.is_some_and(|value| value != 0)),
                Fact::Unknown { reason, detail } => Fact::Unknown { reason, detail },
            },
            exempted: match given.enforce_fips.optional() {
                Fact::Known(value) => {
                    Fact::Known(value.is_some_and(|text| text.trim().eq_ignore_ascii_case("false")))
                }
                Fact::Unknown { reason, detail } => Fact::Unknown { reason, detail },
            },
            config_file: given.config_file.clone(),
        },
        tls: given
            .tls
            .iter()
            .map(|flag| RegistryFlag {
                key: flag.key.clone(),
                name: flag.name.clone(),
                value: flag.value.optional(),
            })
            .collect(),
        build: given.build.fact(),
    }
}

fn service(given: &Host) -> Fact<Option<Service>> {
    match given.service_state.optional() {
        Fact::Known(None) => Fact::Known(None),
        Fact::Unknown { reason, detail } => Fact::Unknown { reason, detail },
        Fact::Known(Some(state)) => Fact::Known(Some(Service {
            name: "ADSync".to_owned(),
            state: Fact::Known(state),
            start: match given.service_start.fact() {
                Fact::Known(value) => StartMode::of(value)
                    .map_or(Fact::unknown(UnknownReason::Unreadable), Fact::Known),
                Fact::Unknown { reason, detail } => Fact::Unknown { reason, detail },
            },
            account: given.service_account.fact(),
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_refused_and_not_collected_stay_apart() {
        let json = r#"{"machine": "SYNC01", "serviceState": {"value": "Running"}, "serviceStart": {"value": 2},
            "fipsEnabled": {"value": null}, "enforceFips": {"error": "NotPermitted"},
            "tls": [{"key": "K", "name": "Enabled", "value": {"value": null}}]}"#;
        let host = read(&serde_json::from_str(json).unwrap());
        let service = host.service.known().unwrap().as_ref().unwrap();
        assert_eq!(service.start, Fact::Known(StartMode::Automatic));
        assert_eq!(service.account.reason(), Some(UnknownReason::NotCollected));
        assert_eq!(host.fips.enabled, Fact::Known(false));
        assert_eq!(
            host.fips.exempted.reason(),
            Some(UnknownReason::NotPermitted)
        );
        assert_eq!(host.tls[0].value, Fact::Known(None));
        assert_eq!(host.build.reason(), Some(UnknownReason::NotCollected));
        // A value of the wrong type is that value's fault alone.
        let odd = r#"{"serviceState": {"value": "Running"}, "serviceStart": {"value": "2"}, "serviceAccount": {"value": ["a"]},
            "fipsEnabled": {"value": "1"}, "tls": [{"key": "K", "name": "Enabled", "value": {"value": [1, 0, 0, 0]}},
            {"key": "K", "name": "Enabled", "value": {"value": 9223372036854775807}}]}"#;
        let host = read(&serde_json::from_str(odd).unwrap());
        let service = host.service.known().unwrap().as_ref().unwrap();
        assert_eq!(service.state.known().map(String::as_str), Some("Running"));
        assert_eq!(service.start.reason(), Some(UnknownReason::Unreadable));
        assert_eq!(service.account.reason(), Some(UnknownReason::Unreadable));
        assert_eq!(host.fips.enabled.reason(), Some(UnknownReason::Unreadable));
        for flag in &host.tls {
            assert_eq!(flag.value.reason(), Some(UnknownReason::Unreadable));
        }
        let none = read(&serde_json::from_str(r#"{"serviceState": {"value": null}}"#).unwrap());
        assert_eq!(none.service, Fact::Known(None));
        assert!(serde_json::from_str::<Host>(r#"{"other": 1}"#).is_err());
    }
}
