//! 附件1 on paper: the liaison form of one unit, or of all.

use jiff::civil::Date;
use official_doc::table::{Cell, Column, PrintedForm, Sheet};
use official_doc::write::date_text;

use super::submission::{FormField, LiaisonForm, form_spec};

/// The columns of the form, heading and code: those in use, and others that somebody has filled in all the same.
pub fn liaison_columns<'a>(forms: impl Iterator<Item = &'a LiaisonForm> + Clone) -> Vec<(String, String)> {
    let filled = |code: &str| forms.clone().any(|form| !form.get(code).is_empty());
    let mut columns = Vec::new();
    for field in form_spec().fields.iter().filter(|field| !matches!(field.kind.as_str(), "auto" | "unit")) {
        let members: &[FormField] = if field.fields.is_empty() { std::slice::from_ref(field) } else { &field.fields };
        for member in members {
            if field.on || filled(&member.code) {
                let group = if field.fields.is_empty() { "" } else { field.label.as_str() };
                columns.push((format!("{group}{}", member.label), member.code.clone()));
            }
        }
    }
    columns
}

/// One unit's form as it is printed and stamped.
pub fn liaison_paper(unit: &str, form: &LiaisonForm) -> PrintedForm {
    let spec = form_spec();
    let day = form.filled_on.parse::<Date>().map_or_else(|_| "　　　　年　　月　　日".to_owned(), date_text);
    PrintedForm {
        label: spec.label.clone(),
        title: vec![
            spec.title.clone(),
            format!("填报单位（盖章）：{unit}　　填报日期：{day}　　填表人：{}", form.filler),
        ],
        sheet: sheet(&spec.label, &[(unit.to_owned(), Some(form))]),
        wide: true,
        ..PrintedForm::default()
    }
}

/// The forms of all units, one a row; those that have not answered are shown.
pub fn liaison_summary(
    campaign: &str,
    issuer: &str,
    rows: &[(String, Option<&LiaisonForm>)],
    today: Date,
) -> PrintedForm {
    let spec = form_spec();
    let answered = rows.iter().filter(|(_, form)| form.is_some()).count();
    let mut sheet = sheet(&spec.summary.title, rows);
    sheet.columns.push(Column::text("报送情况").width(10.0));
    for ((_, form), row) in rows.iter().zip(&mut sheet.rows) {
        row.push(if form.is_some() { "已报" } else { "未报" }.into());
    }
    PrintedForm {
        title: vec![
            spec.summary.title.clone(),
            format!("活动：{campaign}"),
            format!("单位{}个，已报{answered}个，未报{}个", rows.len(), rows.len() - answered),
        ],
        sheet,
        signed: vec![issuer.to_owned(), date_text(today)],
        kept: 2,
        wide: true,
        ..PrintedForm::default()
    }
}

fn sheet(name: &str, rows: &[(String, Option<&LiaisonForm>)]) -> Sheet {
    let columns = liaison_columns(rows.iter().filter_map(|(_, form)| *form));
    let mut sheet = Sheet::new(name, vec![Column::number("序号").width(6.0), Column::text("单位（全称）").width(22.0)]);
    sheet.columns.extend(columns.iter().map(|(heading, code)| Column::text(heading.as_str()).width(width(code))));
    for (no, (unit, form)) in (1_i64..).zip(rows) {
        let mut row: Vec<Cell> = vec![no.into(), unit.as_str().into()];
        row.extend(columns.iter().map(|(_, code)| match form.map(|form| form.get(code)) {
            Some("") | None => Cell::Empty,
            Some(value) => value.into(),
        }));
        sheet.rows.push(row);
    }
    sheet
}

/// Characters that a field takes in a line.
fn width(code: &str) -> f64 {
    match code {
        "name" | "leader_name" => 12.0,
        "office_phone" | "mobile" | "fax" | "leader_phone" => 15.0,
        "email_wechat" => 22.0,
        _ => 18.0,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn form() -> LiaisonForm {
        LiaisonForm {
            name: "李桂兰".to_owned(),
            mobile: "13900001234".to_owned(),
            filled_on: "2022-06-13".to_owned(),
            filler: "王二柱".to_owned(),
            ..LiaisonForm::default()
        }
    }

    #[test]
    fn a_units_form_says_who_filled_it_in_and_when() {
        let paper = liaison_paper("东沟村", &form());
        assert_eq!(paper.title[1], "填报单位（盖章）：东沟村　　填报日期：2022年6月13日　　填表人：王二柱");
        assert_eq!(paper.sheet.rows.len(), 1);
        let blank = liaison_paper("东沟村", &LiaisonForm::default());
        assert!(blank.title[1].contains("年　　月　　日"));
    }

    #[test]
    fn columns_out_of_use_are_there_when_somebody_has_filled_them_in() {
        let with_fax = LiaisonForm { fax: "0475-4470000".to_owned(), ..form() };
        let heads = |forms: &[LiaisonForm]| -> Vec<String> {
            liaison_columns(forms.iter()).into_iter().map(|(heading, _)| heading).collect()
        };
        assert!(!heads(&[form()]).contains(&"传真".to_owned()));
        assert!(heads(&[form(), with_fax]).contains(&"传真".to_owned()));
    }

    #[test]
    fn the_summary_shows_units_that_have_not_answered() {
        let form = form();
        let rows = [("东沟村".to_owned(), Some(&form)), ("西沟村".to_owned(), None)];
        let paper = liaison_summary("安全生产月", "青龙山镇", &rows, date(2022, 6, 13));
        assert_eq!(paper.title[2], "单位2个，已报1个，未报1个");
        assert_eq!(paper.sheet.rows[1].last(), Some(&Cell::Text("未报".to_owned())));
        assert_eq!(paper.signed, ["青龙山镇", "2022年6月13日"]);
        assert!(paper.sheet.rows.iter().all(|row| row.len() == paper.sheet.columns.len()));
    }
}
