//! What a domain controller says of itself, and whether it lets an account in.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Answer to a CLDAP netlogon ping (MS-ADTS 6.3.1.9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LdapPing {
    /// `DS_FLAG` bits (MS-ADTS 6.3.1.2).
    pub flags: u32,
    /// GUID of the domain.
    pub domain_guid: uuid::Uuid,
    /// DNS name of the forest.
    pub forest: String,
    /// DNS name of the domain.
    pub domain: String,
    /// DNS name of the domain controller.
    pub host: String,
    /// `NetBIOS` name of the domain.
    pub netbios_domain: String,
    /// `NetBIOS` name of the domain controller.
    pub netbios_host: String,
    /// Site of the domain controller.
    pub site: String,
    /// Site of the asking machine; empty when its subnet belongs to none.
    pub client_site: String,
}

impl LdapPing {
    /// The domain controller accepts writes (`DS_WRITABLE_FLAG`).
    pub fn is_writable(&self) -> bool {
        self.flags & 0x0000_0100 != 0
    }

    /// It is a global catalogue (`DS_GC_FLAG`).
    pub fn is_global_catalog(&self) -> bool {
        self.flags & 0x0000_0004 != 0
    }

    /// It runs a key distribution centre (`DS_KDC_FLAG`).
    pub fn is_kdc(&self) -> bool {
        self.flags & 0x0000_0020 != 0
    }

    /// It serves time (`DS_TIMESERV_FLAG`).
    pub fn is_time_server(&self) -> bool {
        self.flags & 0x0000_0040 != 0
    }
}

/// The rootDSE attributes that matter here (MS-ADTS 3.1.1.3.2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RootDse {
    /// `currentTime`.
    pub current_time: Option<Timestamp>,
    /// The server's clock less ours, in milliseconds, corrected by half the round trip.
    pub skew_ms: Option<i64>,
    /// How far `skew_ms` may be off, in milliseconds: half the round trip and the server's resolution.
    pub skew_uncertainty_ms: u32,
    /// `isSynchronized`: the first replication after promotion is done.
    pub is_synchronized: Option<bool>,
    /// `dsServiceName`: DN of the NTDS settings object.
    pub ds_service_name: Option<String>,
    /// `dnsHostName`.
    pub dns_host_name: Option<String>,
    /// `defaultNamingContext`.
    pub default_naming_context: Option<String>,
    /// `rootDomainNamingContext`.
    pub root_domain_naming_context: Option<String>,
    /// `configurationNamingContext`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration_naming_context: Option<String>,
    /// `domainFunctionality`.
    pub domain_functionality: Option<i32>,
    /// `forestFunctionality`.
    pub forest_functionality: Option<i32>,
    /// `domainControllerFunctionality`.
    pub controller_functionality: Option<i32>,
    /// `supportedSASLMechanisms`.
    pub sasl_mechanisms: Vec<String>,
    /// `StartTLS` is offered (`supportedExtension`, 1.3.6.1.4.1.1466.20037).
    pub offers_start_tls: Option<bool>,
}

/// Result of an LDAP bind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BindResult {
    /// Account as given.
    pub account: String,
    /// LDAP result code (RFC 4511 4.1.9); 0 is success.
    pub result_code: u32,
    /// AD's sub-code, the hexadecimal number after `data` in the diagnostic message (a Win32 error).
    pub sub_code: Option<u32>,
}

/// Replication switches of a domain controller (MS-ADTS 6.1.1.2.2.1.2.1.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NtdsSettings {
    /// DN of the NTDS settings object.
    pub distinguished_name: String,
    /// `options`; an absent attribute reads as 0.
    pub options: u32,
    /// `msDS-isRODC`, where the server says.
    pub is_rodc: Option<bool>,
}

impl NtdsSettings {
    /// Inbound replication is disabled (`NTDSDSA_OPT_DISABLE_INBOUND_REPL`).
    pub fn inbound_disabled(&self) -> bool {
        self.options & 0x2 != 0
    }

    /// Outbound replication is disabled (`NTDSDSA_OPT_DISABLE_OUTBOUND_REPL`): the cause of error 8456.
    pub fn outbound_disabled(&self) -> bool {
        self.options & 0x4 != 0
    }
}
