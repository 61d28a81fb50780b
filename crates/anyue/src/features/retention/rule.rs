//! A town sets the term of a class, and takes back a shorter one that waits.

use axum::extract::{Path, State as Shared};
use axum::response::Response;
use serde_json::json;

use super::kept::Kept;
use super::show::{self, RuleForm};
use super::{classes, require, store, words};
use crate::App;
use crate::page::Page;
use crate::platform::FieldErrors;
use crate::platform::audit::Event;
use crate::platform::auth::Permission;
use crate::platform::error::{Error, Result};
use crate::platform::retention::{self, Class, May, Rule};
use crate::platform::web::form::{Form, at_most, required};
use crate::platform::web::{self, Flash};

/// Whether one term is shorter than another; none is for ever.
fn is_shorter(new: Option<i64>, old: Option<i64>) -> bool {
    new.unwrap_or(i64::MAX) < old.unwrap_or(i64::MAX)
}

/// What a town may set for a class, in words.
pub fn allowed(class: &Class) -> String {
    match class.may {
        May::Nothing => "固定，不能修改".to_owned(),
        May::From(least) => format!("最短{least}天，可以永久保存"),
        May::Within(least, most) => format!("{least}天至{most}天"),
    }
}

fn parse(class: &Class, form: &RuleForm) -> Result<(Option<i64>, String), FieldErrors> {
    let mut errors = FieldErrors::new();
    let days = match form.term.as_str() {
        "forever" if matches!(class.may, May::From(_)) => Some(None),
        "days" => {
            let fits = |days: &i64| match class.may {
                May::Nothing => false,
                May::From(least) => (least..=36_600).contains(days),
                May::Within(least, most) => (least..=most).contains(days),
            };
            form.days.trim().parse::<i64>().ok().filter(fits).map(Some)
        }
        _ => None,
    };
    if days.is_none() {
        errors.add("days", format!("这一类的保存期限：{}。请填写范围内的天数。", allowed(class)));
    }
    let reason = required(&form.reason, "reason", "请写明为什么修改。", &mut errors);
    at_most(reason, 200, "reason", &mut errors);
    match days {
        Some(days) if errors.is_empty() => Ok((days, reason.to_owned())),
        _ => Err(errors),
    }
}

/// `POST /retention/classes/{code}`
pub async fn set(
    Shared(app): Shared<App>,
    page: Page,
    Path(code): Path<String>,
    Form(form): Form<RuleForm>,
) -> Result<Response> {
    require(&page.actor, Permission::RetentionEdit)?;
    let class = classes::find(&code)?;
    if class.may == May::Nothing {
        return Err(Error::refused("这一类的保存期限是固定的，不能修改。"));
    }
    let (days, reason) = match parse(class, &form) {
        Ok(parsed) => parsed,
        Err(errors) => return web::page_invalid(&show::build(&app, &page, class, None, form, errors).await?),
    };

    let now = app.now();
    let tx = app.db.begin(&page.actor.jurisdiction).await?;
    let kept = Kept::one(&*tx, &page.actor.jurisdiction, class, now).await?;
    if days == kept.standing.days && kept.standing.pending.is_none() {
        return Err(Error::refused("和现在的保存期限相同，没有修改。"));
    }
    let shorter = is_shorter(days, kept.standing.days);
    let rule = Rule {
        class: code.clone(),
        version: kept.rules.last().map_or(1, |last| last.version + 1),
        days,
        reason,
        set_by: page.actor.account_id.to_string(),
        set_at: now,
        effective_at: if shorter { retention::after_wait(now) } else { now },
        taken_back_at: None,
    };
    store::insert_rule(&tx, &rule).await?;
    let (old, new) = (words::term(kept.standing.days), words::term(days));
    let said = format!("“{}”的保存期限由{old}改为{new}：{}", class.name, rule.reason);
    let event = Event::new(&page.actor, "retention.rule_set", "retention", class.code, said);
    tx.commit(event.detail(json!({ "days": days, "version": rule.version, "effective_at": rule.effective_at })))
        .await?;

    let flash = if shorter {
        let from = words::day(rule.effective_at, now);
        Flash::success(format!("已缩短为{new}，{from}起执行。在那以前可以撤销，什么都不会清理。"))
            .undo(format!("/retention/classes/{code}/undo"))
    } else {
        Flash::success(format!("已改为{new}，即时生效。"))
    };
    Ok(web::see_other_with(&format!("/retention/classes/{code}"), &flash))
}

/// `POST /retention/classes/{code}/undo`
pub async fn undo(Shared(app): Shared<App>, page: Page, Path(code): Path<String>) -> Result<Response> {
    require(&page.actor, Permission::RetentionEdit)?;
    let class = classes::find(&code)?;
    let now = app.now();
    let tx = app.db.begin(&page.actor.jurisdiction).await?;
    let kept = Kept::one(&*tx, &page.actor.jurisdiction, class, now).await?;
    let Some(waiting) = kept.standing.pending else {
        return Err(Error::refused("没有等待执行的修改，可能已经执行或撤销。请刷新页面查看。"));
    };
    store::take_back(&tx, &page.actor, &waiting).await?;
    let said = format!("撤销缩短“{}”的保存期限，仍为{}", class.name, words::term(kept.standing.days));
    let event = Event::new(&page.actor, "retention.rule_undone", "retention", class.code, said);
    tx.commit(event.detail(json!({ "version": waiting.version }))).await?;
    let flash = Flash::success(format!("已撤销，保存期限仍为{}。", words::term(kept.standing.days)));
    Ok(web::see_other_with(&format!("/retention/classes/{code}"), &flash))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::retention::classes::ALL;

    proptest::proptest! {
        #[test]
        fn whatever_is_typed_a_term_is_within_its_bounds(text in ".{0,12}|[0-9]{1,6}", forever: bool) {
            for class in ALL {
                let term = if forever { "forever" } else { "days" }.to_owned();
                let form = RuleForm { term, days: text.clone(), reason: "试".to_owned() };
                if let Ok((days, _)) = parse(class, &form) {
                    let fits = match (class.may, days) {
                        (May::Nothing, _) | (May::Within(..), None) => false,
                        (May::From(_), None) => forever,
                        (May::From(least), Some(days)) => days >= least,
                        (May::Within(least, most), Some(days)) => (least..=most).contains(&days),
                    };
                    proptest::prop_assert!(fits, "{} {:?}", class.code, days);
                }
            }
        }
    }

    #[test]
    fn for_ever_is_longer_than_any_term() {
        assert!(is_shorter(Some(10), None) && is_shorter(Some(10), Some(11)));
        assert!(!is_shorter(None, Some(10)) && !is_shorter(None, None) && !is_shorter(Some(10), Some(10)));
    }

    #[test]
    fn every_term_of_the_program_is_one_that_a_town_may_set() {
        for class in ALL {
            let days = class.days.map_or(String::new(), |days| days.to_string());
            let term = if class.days.is_some() { "days" } else { "forever" };
            let form = RuleForm { term: term.to_owned(), days, reason: "同上级要求".to_owned() };
            assert_eq!(parse(class, &form).is_ok(), class.may != May::Nothing, "{}", class.code);
        }
        let mut codes: Vec<&str> = ALL.iter().map(|class| class.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ALL.len(), "a code is given once");
    }

    #[test]
    fn a_term_outside_what_is_allowed_is_refused_with_the_bounds() {
        let class = ALL.iter().find(|class| class.may == May::From(184)).unwrap();
        for days in ["183", "0", "-1", "x", "", "36601"] {
            let form = RuleForm { term: "days".to_owned(), days: days.to_owned(), reason: "试".to_owned() };
            assert!(parse(class, &form).unwrap_err().get("days").contains("184天"), "{days}");
        }
        let form = RuleForm { term: "days".to_owned(), days: "184".to_owned(), reason: " ".to_owned() };
        assert!(!parse(class, &form).unwrap_err().get("reason").is_empty());
        let bounded = ALL.iter().find(|class| matches!(class.may, May::Within(..))).unwrap();
        let form = RuleForm { term: "forever".to_owned(), days: String::new(), reason: "试".to_owned() };
        assert!(parse(bounded, &form).is_err());
    }
}
