//! The tool itself: whether module and library fit each other, and whether suppressions still match something.

use super::Sink;
use crate::check::PHS901;
use crate::evidence::server::ServerConfiguration;
use crate::finding::{EvidenceRow, Finding, SkipReason, Target};
use crate::text;

/// What a run knows of the tool.
#[derive(Debug, Clone, Copy)]
pub struct Tool<'a> {
    /// Version of the native library.
    pub library_version: &'a str,
    /// Version of the module that asks, if one does.
    pub module_version: Option<&'a str>,
}

const MODULE: &str = "PhsDiagnostics";

/// PHS901: module and library are of one version.
pub fn versions(tool: &Tool<'_>, sink: &mut Sink<'_>) {
    let target = Target::named(MODULE);
    let library = EvidenceRow::new("phs_native", "library", "version", tool.library_version);
    let Some(module) = tool.module_version else {
        sink(
            Finding::skipped(
                &PHS901,
                SkipReason::NotApplicable,
                target,
                text!("phs901-no-module"),
            )
            .with_evidence([library]),
        );
        return;
    };
    let finding = if module == tool.library_version {
        Finding::passed(&PHS901, target, text!("phs901-match", version = module))
    } else {
        Finding::failed(
            &PHS901,
            target,
            text!(
                "phs901-mismatch",
                module = module,
                library = tool.library_version
            ),
        )
    };
    sink(finding.with_evidence([
        EvidenceRow::new(MODULE, "module", "ModuleVersion", module),
        library,
    ]));
}

/// PHS901: a synchronization policy file tells what the wizard last wrote, which may not be what the server does.
pub fn policy_file(server: &ServerConfiguration) -> Option<Finding> {
    let policy = server.policy.as_ref()?;
    let row = |attribute: &str, value: String| {
        EvidenceRow::new(&policy.file, "policyMetadata", attribute, value)
    };
    let rows = [
        Some(row("origin", format!("{:?}", policy.origin))),
        policy
            .version
            .as_ref()
            .map(|version| row("azureADConnectVersion", version.clone())),
    ];
    Some(
        Finding::warning(
            &PHS901,
            Target::named(policy.file.as_str()),
            text!("phs901-policy", file = &policy.file),
        )
        .with_evidence(rows.into_iter().flatten())
        .observed(server.exported_at.known().copied()),
    )
}

/// PHS901: a suppression that covered no finding.
pub fn unused_suppression(entry: &str) -> Finding {
    Finding::warning(
        &PHS901,
        Target::identified(entry, format!("suppression|{entry}")),
        text!("phs901-unused-suppression", entry = entry),
    )
}
