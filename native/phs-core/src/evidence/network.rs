//! What the network answered: discovery, ports, the DRS endpoint, certificates, clocks and cloud endpoints.
//!
//! Nothing here is judged. A probe that found no answer says which kind of silence it met, since refused, dropped
//! and unreachable are put right by different people.

use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Everything that one connectivity run observed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkEvidence {
    /// Name of the machine that probed: an outcome is true of the way from there.
    pub observer: String,
    /// When the run started.
    pub observed_at: Timestamp,
    /// Time-out of one probe, in milliseconds.
    pub probe_timeout_ms: u32,
    /// `false` when the overall time-out or a cancellation ended the run early.
    pub complete: bool,
    /// How many sockets the run may have open at once.
    pub sockets: SocketLimit,
    /// DNS discovery, one entry per domain asked for.
    pub domains: Vec<DomainDiscovery>,
    /// One entry per domain controller that was found or named.
    pub controllers: Vec<ControllerEvidence>,
    /// Cloud endpoints; `None` when they were not asked for.
    pub cloud: Option<CloudEvidence>,
}

/// The bound on sockets in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SocketLimit {
    /// What the run would use.
    pub wanted: u32,
    /// What the process's limit on open files leaves (`RLIMIT_NOFILE`); at most `wanted`.
    pub allowed: u32,
}

/// What DNS said about one domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DomainDiscovery {
    /// DNS name of the domain.
    pub domain: String,
    /// The preferred domain controllers that the connector's partition names, if any.
    #[serde(default)]
    pub preferred: Vec<String>,
    /// `true` if Connect may use only the preferred ones (`dc-failover` = 0).
    #[serde(default)]
    pub preferred_only: bool,
    /// The domain controller that Connect used last, where the partition says so.
    #[serde(default)]
    pub last_used: Option<String>,
    /// `false` if the domain controllers were named by the caller, so that no lookup of the domain was made.
    pub asked_dns: bool,
    /// The lookups made, in the order of their names.
    pub lookups: Vec<DnsLookup>,
}

/// One DNS question and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DnsLookup {
    /// The name asked for.
    pub name: String,
    /// `SRV`, `A` or `AAAA`.
    pub record: RecordKind,
    /// What was answered.
    pub answer: DnsAnswer,
    /// Milliseconds until the answer or until giving up.
    pub elapsed_ms: u32,
}

/// Types of DNS record that discovery asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RecordKind {
    /// Service location, RFC 2782.
    Srv,
    /// IPv4 address.
    A,
    /// IPv6 address.
    Aaaa,
}

/// The answers that a DNS lookup tells apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all_fields = "camelCase")]
pub enum DnsAnswer {
    /// At least one record of the type asked for.
    Records(Vec<DnsRecord>),
    /// The name does not exist (RCODE 3).
    NameError,
    /// The name exists, without a record of this type.
    NoData,
    /// The server failed (RCODE 2): it could not reach the zone.
    ServerFailure,
    /// The server refused to answer (RCODE 5), or nothing listens on its port 53.
    Refused,
    /// No server answered in time.
    TimedOut,
    /// Any other failure, in the resolver's words.
    Error(String),
}

impl DnsAnswer {
    /// The records, or none.
    pub fn records(&self) -> &[DnsRecord] {
        match self {
            Self::Records(records) => records,
            _ => &[],
        }
    }
}

/// One record of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all_fields = "camelCase")]
pub enum DnsRecord {
    /// A service location.
    Service {
        /// Host that offers the service, without the final dot.
        target: String,
        /// Port.
        port: u16,
        /// Lower is tried first.
        priority: u16,
        /// Share among equals.
        weight: u16,
    },
    /// An address.
    Address(IpAddr),
    /// The name is an alias of this one.
    Alias(String),
}

/// Why a domain controller is probed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ControllerSource {
    /// Named by the caller.
    Named,
    /// In the connector's list of preferred domain controllers.
    Preferred,
    /// The one Connect used last.
    LastUsed,
    /// Found through DNS.
    Discovered,
}

/// What one domain controller answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ControllerEvidence {
    /// Host name, or the address it was named by.
    pub host: String,
    /// Domain whose discovery led here, if any.
    pub domain: Option<String>,
    /// Why it is probed.
    pub source: ControllerSource,
    /// Lookups of its addresses; empty for a host named by address.
    pub lookups: Vec<DnsLookup>,
    /// Addresses probed.
    pub addresses: Vec<IpAddr>,
    /// One row per address, port and transport.
    pub ports: Vec<PortProbe>,
    /// What the endpoint mapper on 135 said about the DRSUAPI interface.
    pub endpoint_mapper: Answer<DrsEndpoints>,
    /// The bind to the DRSUAPI interface on the port the endpoint mapper gave.
    pub drs_bind: Answer<RpcBind>,
    /// CLDAP netlogon ping.
    pub ping: Answer<LdapPing>,
    /// The rootDSE, read without authentication.
    pub root_dse: Answer<RootDse>,
    /// Certificate on 636.
    pub ldaps: Answer<TlsEvidence>,
    /// Certificate on 389 after StartTLS.
    pub start_tls: Answer<TlsEvidence>,
    /// The bind as the account given; `NotTried` without one.
    pub bind: Answer<BindResult>,
    /// The replication options of the domain controller's NTDS settings; needs a bind.
    pub ntds_settings: Answer<NtdsSettings>,
}

/// Transport of a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Transport {
    /// A connection.
    Tcp,
    /// A request of the service's own protocol.
    Udp,
}

/// The services that the guide asks for (Connect ports reference, table 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Service {
    /// Name resolution, 53.
    Dns,
    /// Authentication, 88.
    Kerberos,
    /// RPC endpoint mapper, 135.
    EndpointMapper,
    /// LDAP, 389.
    Ldap,
    /// File sharing protocol, 445.
    Smb,
    /// LDAP over TLS, 636.
    Ldaps,
    /// Global catalogue, 3268.
    GlobalCatalog,
    /// Remote management, 5985.
    WinRm,
    /// Active Directory Web Services, 9389.
    AdWebServices,
    /// Directory replication, on a port that the endpoint mapper hands out.
    Drs,
}

/// What a probe of one port met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all_fields = "camelCase")]
pub enum ProbeOutcome {
    /// The connection was made, or the request answered.
    Open,
    /// Answered with a reset or with ICMP port unreachable: nothing listens, or a firewall rejects.
    Refused,
    /// No answer within the time-out.
    Dropped,
    /// No route to the host or network, or ICMP says so.
    Unreachable,
    /// The operating system reported something else.
    Error {
        /// Its error number: errno, or a Winsock code.
        code: i32,
    },
    /// The run ended before the probe was made.
    NotTried,
}

/// One probe of one port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PortProbe {
    /// Address probed.
    pub address: IpAddr,
    /// Port probed.
    pub port: u16,
    /// Transport.
    pub transport: Transport,
    /// Service that the port is for.
    pub service: Service,
    /// What the probe met.
    pub outcome: ProbeOutcome,
    /// Milliseconds until the outcome was known.
    pub elapsed_ms: u32,
    /// What was odd about an answer, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// How a conversation with a service ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all_fields = "camelCase")]
pub enum Answer<T> {
    /// The service answered.
    Answered(T),
    /// The connection could not be made.
    NotConnected(ProbeOutcome),
    /// Connected, then silence until the time-out.
    NoAnswer,
    /// Connected, then closed by the other side.
    Closed,
    /// The answer breaks the protocol.
    Malformed(String),
    /// The service understood and declined, in the protocol's terms.
    Declined(String),
    /// Not asked, for this reason.
    NotTried(NotTriedReason),
}

/// Why a question was not put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NotTriedReason {
    /// The run ended first.
    RunEnded,
    /// What it builds on gave nothing.
    DependencyFailed,
    /// No credential was given.
    NoCredential,
    /// Neither LDAPS nor StartTLS is available, and a password is never sent in clear text.
    NoEncryption,
    /// The password is empty or no valid text.
    PasswordUnusable,
    /// Another domain controller refused the same password: it is not tried again, lest the account be locked.
    AfterRefusal,
    /// The endpoint does not speak TLS.
    NotEncrypted,
}

impl<T> Answer<T> {
    /// The value, if the service answered.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Answered(value) => Some(value),
            _ => None,
        }
    }

    /// Whether the question was put at all.
    pub fn tried(&self) -> bool {
        !matches!(
            self,
            Self::NotTried(_) | Self::NotConnected(ProbeOutcome::NotTried)
        )
    }
}

/// Where the endpoint mapper says DRSUAPI is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DrsEndpoints {
    /// TCP ports, ascending, without repeats. Empty: the interface is not registered.
    pub ports: Vec<u16>,
    /// How many interfaces the endpoint mapper has registered in all, if it was asked.
    pub registered: Option<u32>,
}

/// Answer to an RPC bind of the DRSUAPI interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RpcBind {
    /// Address it was sent to.
    pub address: IpAddr,
    /// Port it was sent to.
    pub port: u16,
    /// How the server answered.
    pub reply: RpcBindReply,
}

/// Answers to a DCE/RPC bind (C706 12.6.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all_fields = "camelCase")]
pub enum RpcBindReply {
    /// The interface is served here.
    Accepted,
    /// The server is there but wants authentication first, which proves the way is open.
    AuthenticationRequired,
    /// The server does not serve this interface on this port.
    InterfaceUnknown,
    /// Rejected for another reason.
    Rejected {
        /// Reason or fault status.
        code: u32,
    },
}

/// Answer to a CLDAP netlogon ping (MS-ADTS 6.3.1.9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// What a TLS handshake showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TlsEvidence {
    /// Name that the certificate must carry: the one we connected to.
    pub expected_name: String,
    /// `TLSv1_2`, `TLSv1_3`.
    pub protocol: String,
    /// Certificates as sent, leaf first.
    pub chain: Vec<CertificateFacts>,
    /// Whether the chain leads to a root that is trusted, validity dates and names aside.
    pub trust: Trust,
    /// `true` if the server's handshake signature fits its certificate.
    pub signature_valid: bool,
}

/// Whether a chain is trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all_fields = "camelCase")]
pub enum Trust {
    /// It leads to a trusted root.
    Trusted,
    /// It does not, in the verifier's words.
    Untrusted(String),
    /// There was no set of roots to judge by.
    Unknown(String),
}

/// The facts of one certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificateFacts {
    /// Subject, RFC 4514 order as sent.
    pub subject: String,
    /// Issuer.
    pub issuer: String,
    /// DNS names and addresses of the subject alternative name.
    pub names: Vec<String>,
    /// Start of validity.
    pub not_before: Timestamp,
    /// End of validity.
    pub not_after: Timestamp,
    /// `RSA`, `EC`, `Ed25519` or the OID.
    pub key_algorithm: String,
    /// Bits of the key, where known.
    pub key_bits: Option<u32>,
    /// OID of the signature algorithm.
    pub signature_algorithm: String,
    /// The signature uses MD5 or SHA-1.
    pub weak_signature: bool,
    /// Subject and issuer are the same.
    pub self_issued: bool,
    /// SHA-256 of the certificate, hexadecimal.
    pub sha256: String,
}

/// Result of an LDAP bind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// What the cloud endpoints answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CloudEvidence {
    /// Cloud: `Public`, `UsGovernment`, `China`.
    pub cloud: String,
    /// Date of the endpoint table.
    pub table_as_of: String,
    /// Proxy in use, as `host:port`; never with credentials.
    pub proxy: Option<String>,
    /// Where the proxy setting was read.
    pub proxy_source: Option<String>,
    /// One row per endpoint.
    pub endpoints: Vec<EndpointProbe>,
}

/// One cloud endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EndpointProbe {
    /// Host.
    pub host: String,
    /// Port.
    pub port: u16,
    /// What PHS needs it for.
    pub purpose: String,
    /// PHS does not work without it.
    pub required: bool,
    /// Issuers expected for a certificate that no proxy has replaced: organisation names.
    pub expected_issuers: Vec<String>,
    /// How the connection went; `detail` of a proxy answer included.
    pub connection: EndpointConnection,
    /// The handshake, for endpoints over TLS.
    pub tls: Answer<TlsEvidence>,
    /// Milliseconds in all.
    pub elapsed_ms: u32,
}

/// How a connection to a cloud endpoint went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all_fields = "camelCase")]
pub enum EndpointConnection {
    /// Connected.
    Open,
    /// The host name could not be resolved.
    NameFailed(DnsAnswer),
    /// The connection to the endpoint failed.
    Failed(ProbeOutcome),
    /// The connection to the proxy failed.
    ProxyFailed(ProbeOutcome),
    /// The proxy answered with this HTTP status; 407 asks for credentials.
    ProxyStatus(u16),
    /// The proxy answered with something that is not HTTP, or not at all.
    ProxyMalformed(String),
}
