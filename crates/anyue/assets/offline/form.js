// The two forms of the page: a record, a report. What is typed goes to the phone's store at once.
import * as db from './db.js'
import { check } from './facts.js'
import { settle } from './mirror.js'
import { clock, moment, size } from './words.js'

const find = (selector, from) => (from || document).querySelector(selector)
const all = (selector, from) => Array.from((from || document).querySelectorAll(selector))
export const copy = id => document.importNode(find('#' + id).content, true).firstElementChild

let shown = null // { id, kind, form, kit }
let timer = 0
let saving = Promise.resolve()

const when = (form, name, on) => { const part = find('[data-when="' + name + '"]', form); if (part) part.hidden = !on }
const options = (select, list) => {
  const hint = select.options[0]
  select.replaceChildren(hint, ...list.map(({ value, words }) => new Option(words, value)))
}
const choices = (box, type, name, list) => {
  box.replaceChildren(...list.map(({ value, words }) => {
    const choice = copy('t-choice')
    Object.assign(find('input', choice), { type, name, value })
    find('[data-title]', choice).textContent = words
    return choice
  }))
}

// ----- fields: the page's own names; a report's text has another name in the form, so that ids differ -----

const inForm = { text: 'report_text' }
const inItem = { report_text: 'text' }
const read = (form, kind) => {
  const fields = {}
  new FormData(form).forEach((value, name) => {
    if (typeof value !== 'string') return
    const known = kind === 'report' ? inItem[name] || name : name
    fields[known] = fields[known] === undefined ? value : [].concat(fields[known], value)
  })
  return fields
}
const write = (form, kind, fields) => {
  all('input, select, textarea', form).forEach(field => {
    if (!field.name || field.type === 'file') return
    const value = fields[kind === 'report' ? inItem[field.name] || field.name : field.name]
    if (field.type === 'checkbox' || field.type === 'radio') field.checked = [].concat(value === undefined ? [] : value).map(one => one === true ? 'yes' : one).includes(field.value)
    else field.value = value === undefined ? '' : value
  })
}
// Fields that the page does not show (co-hosts, form 1, the id of a record that is changed) stay as they came.
const merged = (form, item) => {
  const typed = read(form, item.kind)
  const shownNames = new Set(all('input, select, textarea', form).map(field => item.kind === 'report' ? inItem[field.name] || field.name : field.name))
  const kept = Object.fromEntries(Object.entries(item.fields).filter(([name]) => !shownNames.has(name)))
  return { ...kept, ...typed }
}

// ----- what depends on the choice of kind or duty -----

const measures = (form, kit, code, fields) => {
  const kind = kit && kit.kinds.find(kind => kind.code === code)
  const wanted = kind ? kind.measures : []
  const stated = Object.keys(fields).filter(name => name.startsWith('m_') && fields[name] !== '').map(name => name.slice(2))
  const codes = [...new Set([...wanted, ...stated])]
  find('[data-measures]', form).replaceChildren(...codes.map(code => {
    const measure = (kit && kit.measures.find(one => one.code === code)) || { label: code, unit: '' }
    const node = copy('t-number')
    const input = find('input', node)
    Object.assign(input, { name: 'm_' + code, id: 'f-m_' + code, value: fields['m_' + code] || '' })
    input.removeAttribute('aria-label')
    find('label', node).htmlFor = input.id
    find('[data-title]', node).textContent = measure.label
    find('[data-unit]', node).textContent = measure.unit
    return node
  }))
  when(form, 'measures', codes.length > 0)
  when(form, 'people', !kind || wanted.includes('participants') || Object.keys(fields).some(name => name.startsWith('p_') && fields[name]))
  when(form, 'target', Boolean(kit) && code === kit.target_kind)
  const evidence = find('[data-evidence]', form)
  evidence.textContent = kind ? kind.evidence : ''
  evidence.hidden = !evidence.textContent
}

const duty = (form, kit, id, fields) => {
  const known = kit && kit.duties.find(duty => duty.occurrence_id === id)
  const parts = known ? known.parts : ['text', 'files']
  const zero = find('[name=zero]', form).checked
  when(form, 'zero', Boolean(known && known.zero_report) || Boolean(fields.zero))
  when(form, 'plan', parts.includes('unit_plan') && !zero)
  when(form, 'words', (parts.includes('text') || Boolean(fields.text)) && !zero)
  when(form, 'files', (parts.includes('files') || parts.includes('unit_plan')) && !zero)
  when(form, 'records', find('[data-belongs]', form).children.length > 0 && !zero)
  when(form, 'liaison', parts.includes('liaison_form') && !fields.liaison_form)
  const detail = find('[data-detail]', form)
  detail.textContent = known ? [known.campaign, known.detail, known.returned && '退回意见：' + known.returned].filter(text => text).join('　') : ''
  detail.hidden = !detail.textContent
  find('[data-bar-words]').textContent = known && known.due ? '截止 ' + known.due : '有网络时自动发送'
}

// ----- showing -----

const problems = (form, item) => {
  all('.field.has-error', form).forEach(field => field.classList.remove('has-error'))
  all('[data-field-error]', form).forEach(node => node.remove())
  const box = find('[data-problem]', form)
  box.replaceChildren()
  const fields = item.problems || {}
  Object.keys(fields).forEach(name => {
    const own = item.kind === 'report' ? inForm[name] || name : name
    const field = find('#f-' + CSS.escape(own), form)
    if (!field) return
    const holder = field.closest('.field') || field
    holder.classList.add('has-error')
    const words = document.createElement('p')
    words.className = 'field-error'
    words.dataset.fieldError = ''
    words.textContent = fields[name]
    holder.append(words)
  })
  const reason = item.reason || Object.values(fields)[0]
  if (!reason) return
  const node = copy('t-problem')
  find('[data-title]', node).textContent = reason
  box.append(node)
}

const NAMES = { title: '标题', kind: '种类', held_on: '日期', ends_on: '结束日期', place: '地点', text: '文字', time: '时间', village: '所在村', unit_plan: '活动方案', leader_names: '领导姓名', leader_count: '参加领导', occurrence: '报送', zero: '零报告', serves: '对应的活动', target: '进到哪里', unit: '单位' }
const named = (name, kit) => {
  if (NAMES[name]) return NAMES[name]
  const measure = name.startsWith('m_') && kit && kit.measures.find(one => one.code === name.slice(2))
  return measure ? measure.label : name.startsWith('p_') ? '参与人员' : '其他'
}
const other = (form, item, kit) => {
  const box = find('[data-other]', form)
  box.replaceChildren()
  if (!item.other) return
  const node = copy('t-other')
  find('[data-title]', node).textContent = '这份草稿在' + (item.other.device || '另一处') + '也改过（' + moment(item.other.updated_at) + '）'
  const theirs = item.other.content.fields
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(item.fields)])].filter(name => JSON.stringify(theirs[name] || '') !== JSON.stringify(item.fields[name] || ''))
  find('[data-fields]', node).replaceChildren(...names.map(name => {
    const line = document.createElement('div')
    line.className = 'data-item'
    const [label, value] = [document.createElement('dt'), document.createElement('dd')]
    label.textContent = named(name, kit)
    value.textContent = [].concat(theirs[name] || '—').join('、')
    line.append(label, value)
    return line
  }))
  all('[data-act]', node).forEach(button => button.addEventListener('click', async () => {
    await keep()
    await settle(item.id, button.dataset.act)
    await open(item.id, kit)
  }))
  box.append(node)
}

const files = (form, item) => {
  const list = find('[data-files]', form)
  const lines = item.files.map(file => {
    const line = copy('t-file')
    find('[data-title]', line).textContent = file.name
    find('[data-about]', line).textContent = size(file.size) + (file.sent ? '　已上传' : '　在本机')
    const drop = find('[data-act]', line)
    drop.setAttribute('aria-label', '移除' + file.name)
    drop.hidden = Boolean(file.sent && item.copied) // another device may be counting on it
    drop.addEventListener('click', async () => { await db.dropFile(item.id, file.id); await showFiles() })
    return line
  })
  const missing = (item.elsewhere || []).map(file => {
    const line = copy('t-file')
    find('[data-title]', line).textContent = file.name
    find('[data-about]', line).textContent = size(file.size) + '　在' + (item.device || '原来的手机') + '上，本机没有'
    find('[data-act]', line).remove()
    return line
  })
  list.replaceChildren(...lines, ...missing)
  list.hidden = list.children.length === 0
}
const showFiles = async () => {
  if (!shown) return
  const item = await db.get(shown.id)
  if (item) files(shown.form, item)
}

// Opens an item in its form. One that waits to be sent becomes a draft again while it is open.
export const open = async (id, kit) => {
  let item = await db.get(id)
  if (!item || !db.isOpen(item)) return false
  const waited = item.state === 'queued'
  if (waited) item = await db.change(id, known => ({ ...known, state: 'draft' }))
  const form = find('form[data-form="' + item.kind + '"]')
  shown = { id, kind: item.kind, form, kit, waited }
  if (item.kind === 'record') {
    const units = (kit ? kit.units : []).map(unit => ({ value: unit.id, words: unit.name }))
    if (item.fields.unit && !units.some(unit => unit.value === item.fields.unit)) units.push({ value: item.fields.unit, words: '原来的单位' })
    const box = find('#f-unit', form)
    choices(find('.choices', box), 'radio', 'unit', units)
    box.hidden = units.length < 2
    const kinds = (kit ? kit.kinds : []).map(kind => ({ value: kind.code, words: kind.name }))
    options(find('[name=kind]', form), kinds)
    const serves = (kit ? kit.serves : []).map(one => ({ value: one.campaign_id + (one.activity_id ? '/' + one.activity_id : ''), words: one.words }))
    options(find('[name=serves]', form), serves)
    when(form, 'serves', serves.length > 0)
    measures(form, kit, item.fields.kind, item.fields)
  } else {
    const duties = (kit ? kit.duties : []).map(duty => ({ value: duty.occurrence_id, words: duty.title + (duty.due ? '　' + duty.due : '') + (kit.units.length > 1 ? '　' + duty.unit : '') }))
    if (item.fields.occurrence && !duties.some(duty => duty.value === item.fields.occurrence)) duties.push({ value: item.fields.occurrence, words: item.fields.duty_title || '原来的一件' })
    options(find('[name=occurrence]', form), duties)
    const records = (await db.all()).filter(one => one.kind === 'record' && db.isOpen(one) && one.account === item.account)
    const title = one => one.fields.title || ((kit && kit.kinds.find(kind => kind.code === one.fields.kind)) || { name: '活动记录' }).name
    choices(find('[data-belongs]', form), 'checkbox', 'belongs', records.map(one => ({ value: one.id, words: title(one) })))
  }
  write(form, item.kind, item.kind === 'report' ? { ...item.fields, belongs: item.belongs } : item.fields)
  if (item.kind === 'report') duty(form, kit, item.fields.occurrence, item.fields)
  else find('[data-bar-words]').textContent = '有网络时自动发送'
  problems(form, item)
  other(form, item, kit)
  files(form, item)
  const more = find('[data-more]', form)
  if (more) more.open = ['time', 'ends_on', 'village', 'leader_present', 'leader_count', 'leader_names', 'highlight'].some(name => item.fields[name])
  find('[data-kept]', form).textContent = ''
  return item
}

// Keeps what is typed now; waits until it is written.
export const keep = () => {
  clearTimeout(timer)
  if (!shown) return saving
  const { id, form, kind } = shown
  saving = saving.then(() => db.change(id, item => {
    if (!db.isOpen(item)) return null
    const { belongs, ...fields } = merged(form, item)
    const title = find('[name=occurrence]', form)
    if (kind === 'report' && title.selectedIndex > 0) fields.duty_title = title.selectedOptions[0].textContent.split('　')[0]
    const known = kind === 'report' ? [].concat(belongs || []) : item.belongs
    if (JSON.stringify([fields, known]) === JSON.stringify([item.fields, item.belongs])) return null
    return { ...item, fields, belongs: known, updatedAt: Date.now() }
  })).then(item => {
    // Another window may have sent it while it was open here.
    find('[data-kept]', form).textContent = item && db.isOpen(item) ? '已存在本机 ' + clock(Date.now()) : '这一件已在另一个窗口发送或删除，最近的修改没有存。'
  }, error => {
    find('[data-kept]', form).textContent = error && error.name === 'QuotaExceededError' ? '本机存不下了，最近写的没有存住。请先发送或删除一些内容。' : '最近写的没有存住，请不要关闭本页，稍后再试。'
  })
  return saving
}

// Puts it into the queue, or says what is missing; true when it waits to be sent.
export const queue = async () => {
  await keep()
  const { id, form, kit } = shown
  const item = await db.get(id)
  const missing = check(item, kit)
  if (Object.keys(missing).length) {
    problems(form, { ...item, reason: '', problems: missing })
    const first = find('.has-error input, .has-error select, .has-error textarea', form)
    if (first) first.focus()
    return false
  }
  await db.change(id, known => ({ ...known, state: 'queued', reason: '', problems: {}, updatedAt: known.updatedAt }))
  shown = null
  return true
}

// Leaves the form. What waited to be sent before it was opened waits again, unless it was put aside or has become incomplete.
export const close = async aside => {
  await keep()
  const { id, kit, waited } = shown || {}
  shown = null
  if (waited && !aside) await db.change(id, item => item.state === 'draft' && !Object.keys(check(item, kit)).length ? { ...item, state: 'queued' } : null)
}
export const current = () => shown && shown.id

// ----- events -----

document.addEventListener('input', event => {
  if (!shown || !shown.form.contains(event.target) || event.target.type === 'file') return
  clearTimeout(timer)
  timer = setTimeout(keep, 400)
})
document.addEventListener('change', async event => {
  const target = event.target
  if (!shown || !shown.form.contains(target)) return
  if (target.dataset.pick) return
  const typed = read(shown.form, shown.kind)
  if (target.name === 'kind') measures(shown.form, shown.kit, target.value, typed)
  if (target.name === 'occurrence' || target.name === 'zero') duty(shown.form, shown.kit, find('[name=occurrence]', shown.form).value, typed)
  keep()
})
document.addEventListener('change', async event => {
  const input = event.target
  if (!input.dataset || !input.dataset.pick || !shown) return
  event.stopPropagation()
  const chosen = Array.from(input.files)
  input.value = ''
  const words = find('[data-kept]', shown.form)
  for (const file of chosen) {
    if (file.size === 0) { words.textContent = '“' + file.name + '”是空文件，没有存下'; continue }
    try {
      await db.addFile(shown.id, file)
      words.textContent = '“' + file.name + '”已存在本机'
    } catch (error) {
      words.textContent = error && error.name === 'QuotaExceededError' ? '本机存不下“' + file.name + '”。请先发送一些，或者清理手机。' : '“' + file.name + '”没有存下，请再选一次'
    }
  }
  await showFiles()
}, true)
document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') keep() })
