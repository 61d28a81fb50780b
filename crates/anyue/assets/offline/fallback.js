// On the pages where a record or a report is filled in online: when there is no network at the moment of sending, what is
// typed and the files that were chosen go into the queue of the phone instead of being lost.
import * as db from './db.js'
import { timeout } from './kit.js'

const { find, make, notice, say } = window.anyue
let reached = 0 // when the server last answered

const reachable = async () => {
  if (navigator.onLine === false) return false
  if (Date.now() - reached < 5000) return true
  try {
    await fetch('/health', { cache: 'no-store', credentials: 'omit', signal: timeout(8000) })
    reached = Date.now()
    return true
  } catch (_) {
    return false
  }
}

const fieldsOf = form => {
  const fields = {}
  new FormData(form).forEach((value, name) => {
    if (typeof value === 'string') fields[name] = fields[name] === undefined ? value : [].concat(fields[name], value)
  })
  return fields
}

const LIAISON = ['name', 'post', 'office_phone', 'mobile', 'fax', 'email_wechat', 'leader_name', 'leader_post', 'leader_phone', 'note', 'filled_on', 'filler']

// The page's form as an item of the queue.
const itemOf = (form, submitter, account) => {
  const typed = fieldsOf(form)
  const { version, key, action, has_liaison_form: hasForm, ...fields } = typed
  if (form.matches('#record')) { // not form.id: the form has a field of that name
    const item = db.blank('record', account, fields)
    if (!fields.id) delete item.fields.id
    else item.fields.version = version // a change of a record that stands there already
    return { ...item, key: key || item.key, origin: fields.id ? '' : 'new' }
  }
  const kept = { occurrence: form.getAttribute('action').split('/')[3], duty_title: find('h1').textContent, text: fields.text || '', unit_plan: fields.unit_plan || '' }
  if (hasForm) kept.liaison_form = Object.fromEntries(LIAISON.map(name => [name, fields[name] || '']))
  if (submitter && submitter.value === 'zero') kept.zero = 'yes'
  const item = db.blank('report', account, kept)
  return { ...item, key: key || item.key }
}

const keep = async (form, submitter) => {
  const kit = await db.kit()
  if (!kit) throw new Error('no kit')
  const item = { ...itemOf(form, submitter, kit.account), state: 'queued' }
  const before = (await db.all()).find(one => one.key === item.key && db.isOpen(one))
  if (before) await db.remove(before.id, true) // stored a moment ago from this very page
  // While its files are being added it must not be sent: it is a draft until then.
  await db.add({ ...item, state: 'draft' })
  const chosen = Array.from(form.querySelectorAll('input[type=file]')).flatMap(input => Array.from(input.files)).map(file => ({ file, url: '' }))
  const moving = window.anyue.uploads ? window.anyue.uploads.stop() : []
  for (const { file, url } of [...moving, ...chosen]) await db.addFile(item.id, file, url)
  await db.change(item.id, known => ({ ...known, state: 'queued' }))
  window.anyue.settled(form)
  return item
}

const dialog = (words, buttons) => new Promise(resolve => {
  const box = make('dialog', { 'aria-labelledby': 'fallback-words' })
  const actions = make('div', { class: 'dialog-actions' })
  buttons.forEach(([label, answer, kind]) => {
    const button = make('button', { type: 'button', class: kind || 'btn' }, label)
    button.onclick = () => { box.dataset.answer = answer; box.close() }
    actions.append(button)
  })
  box.append(make('h2', {}, '没有网络，没有送出'), make('p', { id: 'fallback-words' }, words), actions)
  document.body.append(box)
  box.onclose = () => { box.remove(); resolve(box.dataset.answer || '') }
  box.showModal()
})

const offer = async (form, submitter) => {
  const answer = await dialog('填写的内容和选好的文件可以存到本机的“待发送”，有网络时自动送出，收到回执才算送达。',
    [['取消', ''], ['再试一次', 'again'], ['存到本机待发送', 'keep', 'btn btn-primary']])
  if (answer === 'again') return form.requestSubmit(submitter || undefined)
  if (answer !== 'keep') return
  try {
    await keep(form, submitter)
    say('已存到本机待发送')
    if (navigator.serviceWorker && navigator.serviceWorker.controller) location.href = '/work/offline'
    else {
      notice('已存到本机待发送。请保持本页开着，有网络时自动送出。')
      const { watch } = await import('./send.js')
      watch()
    }
  } catch (error) {
    notice(error && error.name === 'QuotaExceededError' ? '本机存不下这些文件。内容还在本页，请等有网络再报送。' : '没有存到本机，内容还在本页。请不要关闭，等有网络再报送。')
  }
}

// Before every other listener: asks whether the server can be reached at all.
let passed = null
window.addEventListener('submit', event => {
  const form = event.target
  if (!form.matches('#fill, #record')) return
  const submitter = event.submitter
  const action = submitter && submitter.value
  if (action && !['send', 'zero', 'report', 'save'].includes(action)) return
  if (passed === form) { passed = null; return }
  event.preventDefault()
  event.stopImmediatePropagation()
  reachable().then(yes => {
    if (!yes) return offer(form, submitter)
    passed = form
    form.requestSubmit(submitter || undefined)
  })
}, true)
