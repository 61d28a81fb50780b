//! What a unit's liaison does on the first morning.

use super::town::{LiaisonSeed, Morning, TOWN};
use crate::App;
use crate::features::campaigns::api as campaigns;
use crate::features::duties::api::{
    self as duties, Accept, Acknowledge, CampaignId, LiaisonForm, Part, Payload, SendBack, Submit,
};
use crate::features::reports::api::{self as reports, HandIn};
use crate::platform::auth::Actor;
use crate::platform::error::{Error, Result};
use crate::platform::ids::UnitId;

pub(super) async fn play(
    app: &App,
    office: &Actor,
    person: &Actor,
    campaign: &CampaignId,
    unit: &UnitId,
    seed: &LiaisonSeed,
) -> Result<()> {
    if seed.morning == Morning::Quiet {
        return Ok(());
    }
    let header = campaigns::header(app.db.reader(), &person.jurisdiction, campaign).await?.ok_or(Error::NotFound)?;
    let acknowledge = Acknowledge { campaign_id: campaign.clone(), unit_id: unit.clone(), edition: header.edition };
    duties::acknowledge(app, person, acknowledge).await?;

    let work = duties::work_of_units(app.db.reader(), &person.jurisdiction, std::slice::from_ref(unit)).await?;
    let item = work
        .into_iter()
        .find(|item| item.duty.parts.contains(&Part::LiaisonForm))
        .ok_or_else(|| Error::internal("the notice asks for form 1"))?;
    let payload = Payload {
        unit_plan: format!(
            "{unit}按照《{title}》要求，成立安全生产月活动小组，6月16日参加镇咨询日活动，6月下旬组织一次应急疏散演练，\
             全月开展隐患自查自改，每周四上午报送活动情况。",
            unit = seed.unit,
            title = header.title
        ),
        liaison_form: Some(LiaisonForm {
            name: seed.name.to_owned(),
            post: "安全员".to_owned(),
            mobile: seed.mobile.to_owned(),
            filled_on: app.clock.today().to_string(),
            filler: seed.name.to_owned(),
            ..LiaisonForm::default()
        }),
        ..Payload::default()
    };
    let submit = Submit {
        occurrence_id: item.id,
        payload,
        zero_report: false,
        idempotency_key: app.ids.secret().reveal().to_owned(),
    };
    let submission = reports::hand_in(app, person, HandIn { submit, records: None }).await?.submitted.submission;

    match seed.morning {
        Morning::Accepted => duties::accept(app, office, Accept { submission_id: submission.id }).await,
        Morning::Returned => {
            let comment = format!("方案请补充演练的具体日期和负责人，改好后再报{TOWN}平安建设办公室。");
            let parts = [(Part::UnitPlan, "缺少演练日期和负责人。".to_owned())].into();
            duties::send_back(
                app,
                office,
                SendBack { submission_id: submission.id, comment, parts, others: Vec::new() },
            )
            .await
        }
        Morning::Submitted | Morning::Quiet => Ok(()),
    }
}
