//! The description as a page: every endpoint with its scope, parameters and an example.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::Value;

use super::description;
use crate::App;
use crate::page::PublicPage;
use crate::platform::error::Result;
use crate::platform::web::{self, Frame};

/// 接口说明
#[derive(Debug, Template)]
#[template(path = "api/templates/api.html")]
pub struct ApiPage {
    /// Around it.
    pub frame: Frame,
    /// Endpoints by area.
    pub groups: Vec<Group>,
    /// What a token can be allowed: code and words.
    pub scopes: Vec<(&'static str, &'static str)>,
    /// The address the examples use.
    pub base: String,
}

/// The endpoints of an area.
#[derive(Debug)]
pub struct Group {
    /// Name of the area.
    pub name: String,
    /// Its endpoints.
    pub endpoints: Vec<Endpoint>,
}

impl Group {
    /// The area in words.
    pub fn words(&self) -> &str {
        match self.name.as_str() {
            "accounts" => "账号",
            "units" => "单位",
            "campaigns" => "活动",
            "duties" => "任务",
            "submissions" => "报送",
            other => other,
        }
    }
}

/// An endpoint.
#[derive(Debug)]
pub struct Endpoint {
    /// `GET` …
    pub method: String,
    /// `/api/v1/units/{id}`
    pub path: String,
    /// In a few words.
    pub summary: String,
    /// In more words.
    pub description: String,
    /// Scope a token needs; empty when none.
    pub scope: String,
    /// Parameters: name, place, whether it must be there, words.
    pub parameters: Vec<Parameter>,
    /// Media type of the body; empty when there is none.
    pub body: String,
    /// Name of the body's schema.
    pub body_schema: String,
    /// Name of the answer's schema.
    pub answer: String,
}

/// A parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// In the path or the query, in words.
    pub place: &'static str,
    /// Must be there.
    pub required: bool,
    /// What it means.
    pub words: String,
}

impl Endpoint {
    /// An example for the command line.
    pub fn example(&self, base: &str) -> String {
        let mut text = String::from("curl");
        if self.method != "GET" {
            text += &format!(" -X {}", self.method);
        }
        text += " -H \"Authorization: Bearer $TOKEN\"";
        if !self.body.is_empty() {
            text += &format!(" -H \"Content-Type: {}\" --data-binary @body", self.body);
        }
        let path = self.path.replace('{', "$").replace('}', "");
        format!("{text} \"{base}{path}\"")
    }

    /// A name for links within the page.
    pub fn anchor(&self) -> String {
        let plain = self.path.replace(['/', '{', '}'], "-");
        format!("{}{plain}", self.method.to_lowercase())
    }
}

#[cfg(any(test, feature = "testing"))]
impl ApiPage {
    /// For the template test.
    pub fn sample() -> Self {
        Self {
            frame: Frame { title: "接口说明".to_owned(), ..Frame::default() },
            groups: groups(description()),
            scopes: crate::features::accounts::api::scopes().collect(),
            base: "http://127.0.0.1:8080".to_owned(),
        }
    }
}

/// `GET /api`
pub async fn page(State(app): State<App>, page: PublicPage) -> Result<Response> {
    web::page(&ApiPage {
        frame: page.frame("接口说明"),
        groups: groups(description()),
        scopes: crate::features::accounts::api::scopes().collect(),
        base: app.config.server.public_url.clone(),
    })
}

fn groups(document: &Value) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (path, operations) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            let tag = text(&operation["tags"][0]);
            let endpoint = endpoint(method, path, operation);
            match groups.iter_mut().find(|group| group.name == tag) {
                Some(group) => group.endpoints.push(endpoint),
                None => groups.push(Group { name: tag, endpoints: vec![endpoint] }),
            }
        }
    }
    let order = ["accounts", "units", "campaigns", "duties", "submissions"];
    groups.sort_by_key(|group| order.iter().position(|name| *name == group.name).unwrap_or(order.len()));
    groups
}

fn endpoint(method: &str, path: &str, operation: &Value) -> Endpoint {
    let parameter = |parameter: &Value| Parameter {
        name: text(&parameter["name"]),
        place: match parameter["in"].as_str() {
            Some("path") => "路径",
            Some("header") => "请求头",
            _ => "查询",
        },
        required: parameter["required"].as_bool().unwrap_or_default(),
        words: chinese(&parameter["description"]),
    };
    let (body, body_schema) = content(&operation["requestBody"]);
    let answers = operation["responses"].as_object();
    let good = answers.and_then(|answers| answers.iter().find(|(status, _)| status.starts_with('2')));
    let (media_type, answer) = good.map(|(_, response)| content(response)).unwrap_or_default();
    Endpoint {
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        description: chinese(&operation["description"]),
        scope: text(&operation["security"][0]["bearer"][0]),
        parameters: operation["parameters"].as_array().into_iter().flatten().map(parameter).collect(),
        body,
        body_schema,
        answer: if answer.is_empty() { media_type } else { answer },
    }
}

/// Media type and name of the schema of a body.
fn content(body: &Value) -> (String, String) {
    let Some((media_type, content)) = body["content"].as_object().and_then(|content| content.iter().next()) else {
        return Default::default();
    };
    let schema = &content["schema"];
    let reference = schema["$ref"].as_str().or(schema["items"]["$ref"].as_str()).unwrap_or_default();
    (media_type.clone(), reference.rsplit('/').next().unwrap_or_default().to_owned())
}

/// Words for the page, which speaks Chinese; those of the code's own comments stay in the file for programs.
fn chinese(value: &Value) -> String {
    value
        .as_str()
        .filter(|words| words.chars().any(|letter| ('一'..='鿿').contains(&letter)))
        .unwrap_or_default()
        .to_owned()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_endpoint_is_described_in_chinese() {
        for endpoint in ApiPage::sample().groups.iter().flat_map(|group| &group.endpoints) {
            let summary = Value::from(endpoint.summary.as_str());
            assert!(!chinese(&summary).is_empty(), "{} {}: {}", endpoint.method, endpoint.path, endpoint.summary);
        }
    }
}
