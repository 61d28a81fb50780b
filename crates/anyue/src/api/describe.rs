//! The description, put together from the areas' parts.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use crate::features::{accounts, boards, campaigns, files, offline, records, statistics, units, uploads};
use crate::platform::web::errors::Problem;

/// Every area's part, in the order of the page.
fn parts() -> Vec<utoipa::openapi::OpenApi> {
    vec![
        accounts::AccountsApi::openapi(),
        units::json::UnitsApi::openapi(),
        campaigns::api::CampaignsApi::openapi(),
        boards::DutiesApi::openapi(),
        files::FilesApi::openapi(),
        uploads::UploadsApi::openapi(),
        records::json::RecordsApi::openapi(),
        offline::OfflineApi::openapi(),
        statistics::json::StatisticsApi::openapi(),
    ]
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Anyue 安月",
        version = "1",
        description = "Units, campaigns, duties, submissions and records of a township's work-safety month.\n\n\
            Send `Authorization: Bearer TOKEN`. A token acts as its account, within the account's units, and only \
            within its scopes. Instants are milliseconds since 1970-01-01T00:00Z, days are `YYYY-MM-DD` in \
            Asia/Shanghai. Collections answer `{items, next}`; pass `next` back as `after` for the following page. \
            Errors are problems (RFC 9457) with messages in Chinese, by field where a field is wrong."
    ),
    components(schemas(Problem))
)]
struct Frame;

/// The OpenAPI document.
pub fn description() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(document);
    &DOCUMENT
}

fn document() -> Value {
    let mut whole = Frame::openapi();
    for part in parts() {
        whole.merge(part);
    }
    let mut document = serde_json::to_value(whole).unwrap_or_default();
    document["components"]["securitySchemes"] = json!({
        "bearer": { "type": "http", "scheme": "bearer", "description": "An API token, made at /me/tokens." }
    });
    if let Some(paths) = document["paths"].as_object_mut() {
        for operations in paths.values_mut().filter_map(Value::as_object_mut) {
            for (method, operation) in operations.iter_mut() {
                if let Some(operation) = operation.as_object_mut() {
                    complete(method, operation);
                }
            }
        }
    }
    document
}

/// Adds to an operation what is the same for all: the scope, and problems as answers.
fn complete(method: &str, operation: &mut Map<String, Value>) {
    let tag = operation.get("tags").and_then(|tags| tags[0].as_str()).unwrap_or_default().to_owned();
    if !operation.contains_key("security") {
        let scope = format!("{tag}:{}", if method == "get" { "read" } else { "write" });
        operation.insert("security".to_owned(), json!([{ "bearer": [scope] }]));
    }
    let responses = operation.entry("responses").or_insert_with(|| json!({}));
    let Some(responses) = responses.as_object_mut() else { return };
    let answers = [
        ("401", "No token, or one that is no longer good."),
        ("403", "The token or its account may not do this."),
        ("default", "What went wrong."),
    ];
    for (status, words) in answers {
        responses.entry(status).or_insert_with(|| json!({ "description": words }));
    }
    for (status, response) in responses.iter_mut() {
        let error = status == "default" || status.starts_with('4') || status.starts_with('5');
        if error && let Some(response) = response.as_object_mut() {
            response.entry("content").or_insert_with(
                || json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::description;

    #[test]
    fn every_route_of_the_interface_is_described_and_nothing_else() {
        let mut routes: Vec<String> = crate::router::table()
            .into_iter()
            .filter(|route| route.path.starts_with("/api/v1/"))
            .map(|route| format!("{} {}", route.method, route.path))
            .collect();
        let mut described = Vec::new();
        for (path, operations) in description()["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                described.push(format!("{} {path}", method.to_uppercase()));
                let words = operation["summary"].as_str().or(operation["description"].as_str());
                assert!(words.is_some_and(|words| !words.is_empty()), "{method} {path} says nothing about itself");
            }
        }
        routes.sort();
        described.sort();
        assert_eq!(routes, described);
    }

    #[test]
    fn no_reference_leads_nowhere() {
        let document = description();
        let text = document.to_string();
        for reference in text.split("\"#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(document["components"]["schemas"].get(name).is_some(), "{name} is not described");
        }
    }
}
