//! A notice that this office writes is read back as what it says.

#[path = "../../official-doc/tests/common/papers.rs"]
#[allow(dead_code, reason = "documents of every form; here it is the notice's turn")]
mod papers;

use jiff::civil::date;

#[test]
fn a_written_notice_reads_back_with_every_field_equal() {
    let file = official_doc::write::docx(&papers::notice()).expect("written");
    let read = official_doc::read(&file, Some("通知.docx")).expect("read");
    let notice = notice::parse(&read.lines);

    let value = |field: &Option<notice::Value>| field.as_ref().map(|field| field.value.clone()).unwrap_or_default();
    assert_eq!(value(&notice.doc_number), "白政发〔2022〕21号");
    assert_eq!(value(&notice.title), "关于开展2022年全镇“安全生产月”和“安全生产草原行”活动的通知");
    assert_eq!(value(&notice.issuer), "白银镇人民政府");
    let day = |field: &Option<notice::DateValue>| field.as_ref().map(|field| field.value);
    assert_eq!(day(&notice.date), Some(date(2022, 6, 12)));
    assert_eq!(day(&notice.period_start), Some(date(2022, 6, 1)));
    assert_eq!(day(&notice.period_end), Some(date(2022, 6, 30)));
    let addressees = notice.addressees.expect("addressees");
    let addressees: Vec<&str> = addressees.items.iter().map(|item| item.text.as_str()).collect();
    assert_eq!(addressees, ["各村", "各厂矿企业", "镇直各单位"]);
    let activities: Vec<&str> = notice.activities.iter().map(|activity| activity.title.as_str()).collect();
    assert_eq!(activities.len(), 10);
    assert_eq!((activities[0], activities[9]), ("组织专题学习", "做好媒体宣传"));
    let attachments: Vec<String> = notice.attachments.iter().filter_map(|file| file.title.clone()).collect();
    assert_eq!(attachments, ["“安全生产月”活动联络员反馈表", "“安全生产月”活动进展情况统计表"]);
    assert!(notice.contacts.iter().any(|contact| contact.name.as_deref() == Some("陈某某")));
}
