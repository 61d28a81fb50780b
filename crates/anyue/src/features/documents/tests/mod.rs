//! Documents through the router, on both engines.

use super::model::{Content, Kind, State as Stand};
use super::{new, show, steps, store};
use crate::platform::auth::{Permission, Role};
use crate::testing::{Client, PublishedTown};

mod drafts;
mod numbers;
mod templates;

struct Situation {
    town: PublishedTown,
    leader: Client,
}

impl Situation {
    async fn new() -> Self {
        let town = PublishedTown::new().await;
        let leader = town.test.actor(Role::Leader).await;
        Self { town, leader }
    }

    /// A draft of a template about nothing.
    async fn blank(&self, template: &str) -> String {
        let form = new::NewForm { template: template.to_owned(), about: String::new() };
        new::draft(&self.town.test.app, &self.town.office.actor, &form).await.unwrap()
    }

    /// A draft that could be approved.
    async fn written(&self, title: &str) -> String {
        let id = self.blank("notice").await;
        let fields = [("title", title), ("body", "请各单位落实。"), ("signature", "测试镇人民政府"), ("version", "1")];
        self.town.office.post(&format!("/documents/{id}/edit"), &fields).await.assert_status(303);
        id
    }

    async fn submitted(&self, title: &str) -> String {
        let id = self.written(title).await;
        let fields = [
            ("title", title),
            ("mark", "测试镇人民政府文件"),
            ("body", "请各单位落实。"),
            ("signature", "测试镇人民政府"),
            ("version", "2"),
            ("action", "submit"),
        ];
        self.town.office.post(&format!("/documents/{id}/edit"), &fields).await.assert_status(303);
        id
    }

    async fn approved(&self, title: &str) -> String {
        let id = self.submitted(title).await;
        self.leader.post(&format!("/documents/{id}/approve"), &[]).await.assert_status(303);
        id
    }

    async fn issue(&self, id: &str, word: &str, first: &str) -> crate::platform::error::Result<String> {
        let form = steps::IssueForm { word: word.to_owned(), first: first.to_owned(), none: String::new() };
        steps::issue_paper(&self.town.test.app, &self.town.office.actor, id, &form).await
    }

    async fn paper(&self, id: &str) -> super::model::Paper {
        show::visible(&self.town.test.app, &self.town.office.actor, Permission::DocumentView, id).await.unwrap()
    }
}
