// What is typed as what the server takes: the same names as the form of the page, read as the server reads them.

const DIGITS = /[\uFF10-\uFF19]/g
// A whole number as people type it: full-width digits and separators are digits and separators.
export const number = text => {
  const digits = String(text === undefined ? '' : text).replace(DIGITS, c => String.fromCharCode(c.charCodeAt(0) - 0xFEE0))
    .replace(/[\s,，]/g, '')
  if (digits === '') return null
  return /^[+-]?\d{1,15}$/.test(digits) ? parseInt(digits, 10) : NaN
}

const WRONG_NUMBER = '请只填整数，如30；没有统计就留空，没有就填0。'

// What is missing or cannot be read, by field. The server checks again; this spares a wasted journey.
export const check = (item, kit) => {
  const fields = item.fields
  const problems = {}
  if (item.kind === 'report') {
    const duty = kit && kit.duties.find(duty => duty.occurrence_id === fields.occurrence)
    if (!fields.occurrence) problems.occurrence = '请选择报送哪一件。'
    if (duty && duty.parts.includes('text') && !fields.zero && !String(fields.text || '').trim()) problems.report_text = '请写文字说明。'
    return problems
  }
  if (!fields.unit) problems.unit = '请选择主办单位。'
  if (!fields.kind) problems.kind = '请选择活动种类。'
  if (!fields.held_on) problems.held_on = '请选择活动日期。'
  if (kit && fields.kind === kit.target_kind && !fields.target) problems.target = '请选择进到哪里。'
  Object.keys(fields).filter(name => /^[mp]_/.test(name) || name === 'leader_count').forEach(name => {
    if (Number.isNaN(number(fields[name]))) problems[name] = WRONG_NUMBER
  })
  return problems
}

// A record for POST /api/v1/records, reported at once.
export const record = item => {
  const fields = item.fields
  const [campaign, activity] = String(fields.serves || '').split('/')
  const numbers = prefix => {
    const found = {}
    Object.keys(fields).filter(name => name.startsWith(prefix)).forEach(name => {
      const value = number(fields[name])
      if (value !== null && !Number.isNaN(value)) found[name.slice(2)] = value
    })
    return found
  }
  const text = name => String(fields[name] || '').replace(/\r\n/g, '\n')
  return {
    unit_id: fields.unit || '', idempotency_key: item.key, report: true, kind: fields.kind || '', title: text('title'),
    campaign_id: campaign || null, activity_id: activity || null, held_on: fields.held_on || '',
    ends_on: fields.ends_on || null, time: text('time'), place: text('place'), village: text('village'),
    text: text('text'), measures: numbers('m_'), people: numbers('p_'), target: fields.target || null,
    leader_present: Boolean(fields.leader_present), leader_count: number(fields.leader_count),
    leader_names: text('leader_names'), highlight: Boolean(fields.highlight), co_hosts: [].concat(fields.co_hosts || []),
  }
}

// A report for POST /api/v1/submissions.
export const report = item => {
  const fields = item.fields
  const text = name => String(fields[name] || '').replace(/\r\n/g, '\n')
  const payload = { text: text('text'), unit_plan: text('unit_plan') }
  if (fields.liaison_form) payload.liaison_form = fields.liaison_form
  return { occurrence_id: fields.occurrence || '', payload, zero_report: Boolean(fields.zero) }
}

// Whether what the server holds under the key is what is here. A first sending may have arrived although its answer
// did not; what was changed afterwards is then not there, and must not be called received.
export const isSame = (item, answer) => {
  const plain = text => String(text || '').replace(/\r\n/g, '\n').trim()
  if (item.kind === 'report') {
    const sent = report(item)
    const held = answer.payload || {}
    return plain(held.text) === plain(sent.payload.text) && plain(held.unit_plan) === plain(sent.payload.unit_plan) &&
      Boolean(answer.zero_report) === sent.zero_report
  }
  const sent = record(item)
  const numbers = map => JSON.stringify(Object.entries(map || {}).sort())
  return ['text', 'place', 'time', 'village', 'leader_names'].every(name => plain(answer[name]) === plain(sent[name])) &&
    (plain(sent.title) === '' || plain(answer.title) === plain(sent.title)) && answer.held_on === sent.held_on &&
    answer.kind === sent.kind && numbers(answer.measures) === numbers(sent.measures)
}
