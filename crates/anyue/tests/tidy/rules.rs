//! The tables of the repository's policies: who may use whom, and the exceptions, each with its reason.

/// Which area may use which, through its `api`. There are no circles: an area stands below those it uses.
pub const MAY_USE: &[(&str, &[&str])] = &[
    ("units", &[]),
    ("notifications", &["units"]),
    ("evidence", &[]),
    ("accounts", &["units", "notifications"]),
    ("duties", &["units", "notifications", "evidence"]),
    ("campaigns", &["units", "notifications", "duties"]),
    ("records", &["units", "notifications", "duties", "campaigns", "evidence"]),
    ("offline", &["units", "duties", "campaigns", "records"]),
    ("uploads", &["units", "accounts", "duties", "records", "evidence"]),
    ("files", &["units", "duties", "campaigns", "records", "evidence"]),
    ("statistics", &["units", "duties", "campaigns", "records"]),
    ("documents", &["units", "duties", "campaigns", "evidence", "records", "statistics"]),
    ("publishing", &["campaigns"]),
    ("overview", &["units", "duties", "campaigns"]),
    ("receipts", &[]),
    ("reports", &["units", "duties", "campaigns", "records", "uploads", "receipts"]),
    (
        "workspace",
        &[
            "units",
            "accounts",
            "notifications",
            "duties",
            "campaigns",
            "evidence",
            "records",
            "uploads",
            "receipts",
            "reports",
        ],
    ),
    ("archive", &["units", "duties", "campaigns", "records", "evidence", "statistics", "receipts", "reports"]),
    ("retention", &["units", "notifications", "evidence", "accounts", "duties", "campaigns", "uploads", "archive"]),
    ("boards", &["units", "notifications", "duties", "campaigns", "evidence", "records", "receipts", "reports"]),
];

/// Pure crates, and which of ours they may name.
pub const PURE: &[(&str, &[&str])] = &[
    ("evidence", &[]),
    ("seal", &[]),
    ("calendar", &[]),
    ("official-doc", &[]),
    ("notice", &["official-doc", "calendar"]),
];

/// Writes that leave no event in the trail: file below `src`, reason as given to `commit_unaudited`.
pub const UNAUDITED: &[(&str, &str)] = &[
    ("app.rs", "noting that a session is in use"),
    ("platform/jobs.rs", "claiming a job"),
    ("platform/jobs.rs", "noting how a job ended"),
    // Signing in and out is no act of the town's work, and nothing may count it (guard rail G4).
    ("features/accounts/setup.rs", "the first session"),
    ("features/accounts/signin.rs", "somebody signs in"),
    ("features/accounts/signin.rs", "somebody signs out"),
    ("features/accounts/signin.rs", "counting a wrong password"),
    ("features/accounts/signin.rs", "taking as long as for an account that exists"),
    // A draft is nothing yet; what becomes of it is audited when it is sent.
    ("features/duties/draft.rs", "keeping a draft"),
    ("features/duties/files.rs", "keeping a file of a draft"),
    ("features/duties/files.rs", "taking a file off a draft"),
    ("features/records/draft.rs", "keeping a draft of a record"),
    ("features/offline/drafts.rs", "keeping a draft of a phone"),
    ("features/offline/drafts.rs", "discarding a draft of a phone"),
    ("features/records/draft.rs", "dropping a draft of a record"),
    ("features/records/files.rs", "keeping a file of a record that is still being written"),
    ("features/records/files.rs", "taking a file off a record that is still being written"),
    ("features/reports/gather.rs", "keeping which records answer a duty"),
    // Nothing of the town's work, and nobody counts it.
    ("features/notifications/api.rs", "noting that a message was read"),
    // A preview; the import itself is audited.
    ("features/units/import/upload.rs", "keeping a table of units until it is confirmed"),
    ("features/units/import/preview.rs", "forgetting a table of units that was not confirmed"),
    // A file on its way is nothing yet; it becomes part of a draft.
    ("features/uploads/create.rs", "beginning an upload"),
    ("features/uploads/piece.rs", "an upload goes on"),
    ("features/uploads/finish.rs", "a file has come whole"),
    ("features/uploads/finish.rs", "an upload ends without a file"),
    // Made of what was sent, at any time anew.
    ("features/evidence/make.rs", "keeping what was made of a file"),
    ("features/evidence/sweep.rs", "looking for what was never looked at"),
    // What goes is audited portion by portion.
    ("features/retention/run.rs", "planning the coming night"),
    // The request for it was audited.
    ("features/duties/remind.rs", "sending reminders that were asked for"),
];

/// SQL outside of stores: file below `src`, reason.
pub const SQL_ELSEWHERE: &[(&str, &str)] = &[
    ("cli/user.rs", "lists the towns of an installation, which belong to no area"),
    ("cli/verify.rs", "lists the towns of an installation, which belong to no area"),
];

/// No file of code is longer, the tests at its bottom left out.
pub const LONGEST: usize = 450;

/// Files that are longer and wait to be split by what a person does. A number here may only go down.
pub const TOO_LONG: &[(&str, usize)] = &[("features/units/import/plan.rs", 547)];
