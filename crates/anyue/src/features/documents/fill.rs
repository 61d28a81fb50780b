//! Placeholders: `{{ 本周.已报 }}`, `{% for 项 in 指标 %}…{% endfor %}` in the fields of a template, filled from facts.
//!
//! The language is Jinja's, read by `minijinja`, in a sandbox: nothing can be called but its own filters, a template
//! that does not end is stopped, and a name that does not exist is refused with its line. Words of others are printed
//! with [`markup::plain`]; a [`Figure`] is printed with the address it comes from.

use std::fmt;
use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Enumerator, Object, Value};
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior};

use super::markup;
use super::model::Content;
use crate::platform::FieldErrors;

/// A number and where it comes from.
#[derive(Clone, Debug)]
pub struct Figure {
    /// As printed: `1,284`.
    pub printed: String,
    /// For conditions; `None` where nobody has reported.
    pub number: Option<i64>,
    /// Address of the page that shows what it is made of.
    pub link: String,
}

impl Figure {
    /// A count with the page of what was counted.
    pub fn count(number: i64, link: impl Into<String>) -> Self {
        Self { printed: crate::features::records::api::grouped(number), number: Some(number), link: link.into() }
    }
}

impl From<Figure> for Value {
    fn from(figure: Figure) -> Self {
        Self::from_object(figure)
    }
}

impl Object for Figure {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "数" => Some(Value::from(self.number.unwrap_or_default())),
            "有" => Some(Value::from(self.number.is_some_and(|number| number != 0))),
            _ => None,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(&["数", "有"])
    }

    fn is_true(self: &Arc<Self>) -> bool {
        self.number.is_some_and(|number| number != 0)
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]({})", self.printed, self.link)
    }
}

/// No template takes more steps.
const FUEL: u64 = 200_000;
/// No filled field is longer, in bytes.
const LONGEST: usize = 400_000;

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("the usual signs"));
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_formatter(print);
    environment
}

/// Words of others are printed as words, figures with their address.
fn print(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), minijinja::Error> {
    if value.is_undefined() {
        return Err(minijinja::Error::from(ErrorKind::UndefinedError));
    }
    match value.as_str() {
        Some(text) if !value.is_safe() => {
            out.write_str(&markup::plain(text)).map_err(|_| minijinja::Error::from(ErrorKind::WriteFailure))
        }
        _ => minijinja::escape_formatter(out, state, value),
    }
}

/// Fills every field.
///
/// # Errors
/// Messages by field, each with its line.
pub fn fill(template: &Content, facts: &Value) -> Result<Content, FieldErrors> {
    let environment = environment();
    let mut sources = Vec::new();
    let filled = template.map(|text| {
        let filled = environment.render_named_str("", text, facts).map_err(|error| in_words(&error))?;
        if filled.len() > LONGEST {
            return Err("填出来的文字太长，请减少循环的内容。".to_owned());
        }
        Ok(markup::numbered(filled.trim(), &mut sources))
    })?;
    Ok(Content { sources, ..filled })
}

/// Refuses what cannot be written, and names that do not exist, where no fact has led yet as well.
///
/// # Errors
/// Messages by field, each with its line.
pub fn check(template: &Content, facts: Option<&Value>) -> Result<(), FieldErrors> {
    let environment = environment();
    template.map(|text| {
        let parsed = environment.template_from_str(text).map_err(|error| in_words(&error))?;
        let Some(facts) = facts else { return Ok(String::new()) };
        let mut wrong: Vec<(usize, String)> = parsed
            .undeclared_variables(true)
            .into_iter()
            .filter(|name| name != "range" && !is_known(facts, name))
            .map(|name| (text.find(name.as_str()).map_or(1, |at| text[..at].matches('\n').count() + 1), name))
            .collect();
        wrong.sort();
        match wrong.first() {
            Some((line, name)) => Err(format!("第{line}行：“{name}”不在可用的内容里，请核对名称。")),
            None => Ok(String::new()),
        }
    })?;
    match facts {
        Some(facts) => fill(template, facts).map(drop),
        None => Ok(()),
    }
}

/// Whether facts have this name: `本周.已报`.
fn is_known(facts: &Value, name: &str) -> bool {
    let mut value = facts.clone();
    for part in name.split('.') {
        match value.get_attr(part) {
            Ok(inner) if !inner.is_undefined() => value = inner,
            _ => return false,
        }
    }
    true
}

/// What is wrong, for the person who wrote the template.
fn in_words(error: &minijinja::Error) -> String {
    let line = error.line().map(|line| format!("第{line}行：")).unwrap_or_default();
    let source = error.range().and_then(|range| error.template_source().and_then(|source| source.get(range)));
    let said =
        source.map(str::trim).filter(|said| !said.is_empty()).map(|said| format!("“{said}”")).unwrap_or_default();
    match error.kind() {
        ErrorKind::UndefinedError => format!("{line}{said}不在可用的内容里，请核对名称。"),
        ErrorKind::SyntaxError => {
            format!("{line}{said}写法有误。占位写成“{{{{ 名称 }}}}”，“{{% for %}}”要有“{{% endfor %}}”。")
        }
        ErrorKind::OutOfFuel => format!("{line}循环太多，没有填完。"),
        ErrorKind::UnknownFilter | ErrorKind::UnknownFunction | ErrorKind::UnknownMethod | ErrorKind::UnknownTest => {
            format!("{line}{said}不是可以用的功能。")
        }
        _ => format!("{line}{said}填不出来，请核对写法。"),
    }
}

#[cfg(test)]
mod tests {
    use minijinja::context;
    use proptest::prelude::*;

    use super::*;

    fn facts() -> Value {
        context! {
            活动 => context! { 名称 => "安全生产月[1]" },
            本周 => context! { 已报 => Value::from(Figure::count(1284, "/campaigns/1/board")) },
            单位 => vec!["东沟村", "西沟村"],
        }
    }

    fn body(text: &str) -> Result<String, String> {
        let content = Content { body: text.to_owned(), ..Content::default() };
        fill(&content, &facts()).map(|content| content.body).map_err(|errors| errors.get("body").to_owned())
    }

    #[test]
    fn chinese_names_are_filled_and_figures_carry_their_address() {
        assert_eq!(body("“{{ 活动.名称 }}”已报{{ 本周.已报 }}件。").unwrap(), "“安全生产月\\[1\\]”已报[1,284](1)件。");
        assert_eq!(body("{% if 本周.已报.数 > 1000 %}多{% endif %}").unwrap(), "多");
        assert_eq!(body("{% for 村 in 单位 %}{{ 村 }}、{% endfor %}").unwrap(), "东沟村、西沟村、");
        assert_eq!(body("{{ 单位 | join('、') }}").unwrap(), "东沟村、西沟村");
    }

    #[test]
    fn a_wrong_placeholder_is_refused_with_its_line() {
        for (text, line, word) in [
            ("好\n{{ 本周.以报 }}", "第2行", "本周.以报"),
            ("好\n\n{{ 天气 }}", "第3行", "天气"),
            ("{{ 活动.名称 ", "第1行", "写法"),
            ("一\n{% for x in 单位 %}{{ x }}", "行", "写法"),
            ("{{ 活动 | 翻译 }}", "第1行", "功能"),
            ("{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}", "", ""),
        ] {
            let words = body(text).unwrap_err();
            assert!(words.contains(line) && words.contains(word), "{text}: {words}");
        }
    }

    #[test]
    fn a_wrong_name_is_refused_where_no_fact_leads_yet_too() {
        let content = |body: &str| Content { body: body.to_owned(), ..Content::default() };
        let wrong = content("好\n{% if 本周.已报.数 < 0 %}{{ 本周.以报 }}{% endif %}");
        let errors = check(&wrong, Some(&facts())).unwrap_err();
        assert_eq!(errors.get("body"), "第2行：“本周.以报”不在可用的内容里，请核对名称。");
        let loops = content("{% for 村 in 单位 %}{{ loop.index }}{{ 村 }}{% endfor %}");
        check(&loops, Some(&facts())).unwrap();
        check(&content("{{ 本周.以报 }}"), None).unwrap();
        assert!(check(&content("{{ 本周."), None).is_err());
    }

    proptest! {
        #[test]
        fn any_template_is_filled_or_refused(text in "(\\{\\{|\\}\\}|\\{%|%\\}|for|in|活动|\\.|名称|[a-z|() \\n]){0,20}") {
            drop(body(&text));
        }
    }
}
