// Sends the queue: for each item its files first (each a resumable upload under the key of the item), then the record
// or the report itself. So nothing stands at the office without its photos, and the answer to the last request is the
// receipt for the whole. One page sends at a time; everything may be sent twice and arrives once.
import * as db from './db.js'
import * as facts from './facts.js'
import { refresh } from './kit.js'
import { forget } from './mirror.js'

const progress = new Map() // id -> per cent, or null while there is nothing to count
export const sending = () => progress
let words = '' // why the last attempt ended, for everybody to read
export const why = () => words

class Later extends Error {} // the network's or the server's trouble: tried again by itself
class Refused extends Error { // the item's trouble: somebody has to look
  constructor(reason, fields) { super(reason); this.fields = fields || {} }
}

const set = (id, value) => { if (value === undefined) progress.delete(id); else progress.set(id, value); db.tell({ progress: id }) }

// ----- one page at a time -----

const alone = async work => {
  if (navigator.locks) return navigator.locks.request('anyue-send', { ifAvailable: true }, lock => lock ? work() : 'busy')
  // An old browser: a lease in local storage, renewed while bytes move, over after a minute when a page died.
  const lease = Number(localStorage.getItem('anyue-send') || 0)
  if (lease > Date.now()) return 'busy'
  const renew = () => localStorage.setItem('anyue-send', String(Date.now() + 60000))
  renew()
  const timer = setInterval(renew, 20000)
  try { return await work() } finally { clearInterval(timer); localStorage.removeItem('anyue-send') }
}

// ----- answers -----

const problem = async answer => {
  try { return await answer.json() } catch (_) { return {} }
}
const post = async (path, headers, body) => {
  let answer
  try {
    answer = await fetch(path, { method: 'POST', credentials: 'same-origin', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
  } catch (_) {
    throw new Later('网络不通')
  }
  if (answer.ok) return answer.json().catch(() => { throw new Later('网络不通') })
  if (answer.status === 401) throw new Later('登录已到时，请联网登录后再发送')
  if (answer.status >= 500 || answer.status === 429) throw new Later('服务器暂时没有办成，稍后自动再试')
  const { detail, fields } = await problem(answer)
  throw new Refused(detail || '服务器没有收下', fields)
}

// ----- files -----

const sha256 = async blob => {
  if (!self.crypto || !crypto.subtle || blob.size > 64 * 1048576) return ''
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())
  return Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, '0')).join('')
}

const upload = (item, file, blob, sum, onProgress) => new Promise((resolve, reject) => {
  const metadata = { filename: file.name }
  if (item.kind === 'record') metadata.record = item.fields.id || item.key
  else metadata.occurrence = item.fields.occurrence
  if (sum) metadata.sha256 = sum
  // A connection on which nothing moves any more is dead, though nobody says so; the end is checked by the server and takes longer.
  let moved = Date.now()
  let last = 0
  const watch = setInterval(() => {
    if (Date.now() - moved < (last < blob.size ? 20000 : 120000)) return
    clearInterval(watch)
    transfer.abort().catch(() => {})
    reject(new Later('网络不稳'))
  }, 1000)
  const settle = (end, value) => { clearInterval(watch); end(value) }
  const transfer = new window.tus.Upload(blob, {
    endpoint: '/api/v1/uploads',
    uploadUrl: file.url || null,
    storeFingerprintForResuming: false, // the address stands in the item itself
    retryDelays: [0, 1000, 3000, 5000],
    metadata,
    onUploadUrlAvailable: () => {
      db.change(item.id, known => ({ ...known, files: known.files.map(one => one.id === file.id ? { ...one, url: transfer.url } : one) }))
    },
    onProgress: sent => { if (sent !== last) moved = Date.now(); last = sent; onProgress(sent) },
    onSuccess: () => settle(resolve),
    onError: error => {
      const answer = error.originalResponse
      const status = answer ? answer.getStatus() : 0
      if (!answer || status >= 500 || status === 429 || status === 423 || status === 460) return settle(reject, new Later('网络不通'))
      if (status === 401) return settle(reject, new Later('登录已到时，请联网登录后再发送'))
      let detail = ''
      try { detail = JSON.parse(answer.getBody()).detail } catch (_) { /* no words */ }
      if (status === 409 && !detail) return settle(reject, new Later('网络不稳'))
      settle(reject, new Refused(detail || '“' + file.name + '”没有收下'))
    },
  })
  transfer.start()
})

const sendFiles = async item => {
  const total = item.files.reduce((sum, file) => sum + file.size, 0) || 1
  let done = item.files.filter(file => file.sent).reduce((sum, file) => sum + file.size, 0)
  for (const file of item.files.filter(file => !file.sent)) {
    const blob = await db.blob(file.id)
    if (!blob) throw new Refused('“' + file.name + '”不在本机，请移除后重新选择')
    if (!window.tus) throw new Later('页面没有完整打开，请刷新')
    const show = sent => set(item.id, Math.min(99, Math.floor((done + sent) * 100 / total)))
    show(0)
    await upload(item, file, blob, await sha256(blob), show)
    done += file.size
    await db.change(item.id, known => ({ ...known, files: known.files.map(one => one.id === file.id ? { ...one, sent: true } : one) }))
  }
}

// ----- the item itself -----

const number = id => String(id).split('-').pop().toUpperCase()

const receiptOf = (item, answer) => ({
  number: (answer.receipt && answer.receipt.number) || number(answer.id),
  text: answer.receipt ? answer.receipt.text : '', // the signed receipt, where there is one
  at: (answer.receipt && answer.receipt.received_at) || answer.submitted_at || answer.reported_at || answer.updated_at || Date.now(),
  noted: Date.now(),
  href: item.kind === 'record' ? '/work/records/' + answer.id : '/work/do/' + item.fields.occurrence,
})

// A change of a record that the server knows already: through the form of its page, which answers with a redirect.
const sendChange = async item => {
  const body = new URLSearchParams()
  Object.keys(item.fields).forEach(name => [].concat(item.fields[name]).forEach(value => body.append(name, value === true ? 'yes' : value)))
  body.set('action', 'report')
  const path = '/work/records/' + item.fields.id
  let answer
  try {
    answer = await fetch(path + '/edit', { method: 'POST', credentials: 'same-origin', redirect: 'manual', body })
    if (answer.type !== 'opaqueredirect') {
      // Perhaps it arrived before and only the answer did not: then the record says so itself.
      const known = await (await fetch('/api/v1/records/' + item.fields.id, { credentials: 'same-origin', cache: 'no-store' })).json()
      if (['reported', 'accepted'].includes(known.state) && facts.isSame(item, known)) return known
      if (answer.status >= 500 || answer.status === 401) throw new Later('稍后自动再试')
      throw new Refused(answer.status === 409 ? '这条记录已在别处修改或报送，请联网打开核对' : '内容有误，请联网打开修改')
    }
    return await (await fetch('/api/v1/records/' + item.fields.id, { credentials: 'same-origin', cache: 'no-store' })).json()
  } catch (error) {
    if (error instanceof Refused) throw error
    throw new Later('网络不通')
  }
}

// What the server holds under the key of an item already: sent from here, its answer lost, or from another phone.
const held = async item => {
  try {
    const answer = await fetch('/api/v1/work/received/' + item.key, { credentials: 'same-origin', cache: 'no-store' })
    if (answer.status === 404) return null
    if (!answer.ok) throw new Later('稍后自动再试')
    const { kind, id } = await answer.json()
    const found = await fetch((kind === 'record' ? '/api/v1/records/' : '/api/v1/submissions/') + id, { credentials: 'same-origin', cache: 'no-store' })
    if (!found.ok) throw new Later('稍后自动再试')
    return await found.json()
  } catch (_) {
    throw new Later('网络不通')
  }
}

const finish = async (item, answer) => {
  if (!facts.isSame(item, answer)) {
    throw new Refused('服务器先前已收到这一件（回执号' + receiptOf(item, answer).number + '），后来的修改没有送达。请联网打开，在那里修改')
  }
  await db.received(item.id, receiptOf(item, answer))
  if (item.mirror.version > 0) fetch('/api/v1/work/drafts/' + item.id, { method: 'DELETE', credentials: 'same-origin' }).catch(() => {})
  if (item.origin === 'new') { // the form of the page has a draft of its own, which is done with
    fetch('/work/records/draft', { method: 'POST', credentials: 'same-origin', body: new URLSearchParams({ action: 'drop' }) }).catch(() => {})
  }
}

const sendOne = async item => {
  const problems = facts.check(item, await db.kit())
  if (Object.keys(problems).length) throw new Refused(Object.values(problems)[0], problems)
  const before = item.fields.id ? null : await held(item)
  // Written down online and not reported yet: what is here changes it and reports it.
  if (before && ['planned', 'held'].includes(before.state)) {
    item = await db.change(item.id, known => ({ ...known, fields: { ...known.fields, id: before.id, version: String(before.version) } }))
  } else if (before) {
    return finish(item, before)
  }
  await sendFiles(item)
  // Somebody may have opened it again while its files went up: then it is a draft and stays.
  const present = await db.get(item.id)
  if (!present || present.state !== 'queued') return
  // A file that was taken out after it had gone up must not be handed in with the rest.
  try { await forget(present) } catch (_) { throw new Later('网络不通') }
  set(item.id, item.files.length ? 99 : null)
  let answer
  if (item.kind === 'record' && item.fields.id) answer = await sendChange(present)
  else if (item.kind === 'record') answer = await post('/api/v1/records', {}, facts.record(present))
  else answer = await post('/api/v1/submissions', { 'Idempotency-Key': present.key }, facts.report(present))
  await finish(present, answer)
}

// ----- the queue -----

// Reports wait for the records that belong to them.
const next = async (account, only, tried) => {
  const items = await db.all()
  const here = id => items.find(item => item.id === id)
  const ready = items.filter(item => item.state === 'queued' && item.account === account && !tried.has(item.id) && (!only || only === item.id))
  return ready.find(item => item.kind === 'record') ||
    ready.find(item => item.belongs.every(id => !here(id) || !db.isOpen(here(id))))
}

let timer = 0
let failures = 0
const again = () => {
  clearTimeout(timer)
  timer = setTimeout(() => send(), Math.min(30000, 3000 * 2 ** Math.min(5, failures++)))
}

// Sends what is queued, or one item. Ends with 'ok', 'none' (no network), 'signed-out', 'busy' or 'other'.
export const send = async only => {
  clearTimeout(timer)
  const waiting = (await db.all().catch(() => [])).some(item => item.state === 'queued')
  if (!waiting) return 'ok'
  const outcome = await alone(async () => {
    const answer = await refresh()
    if (answer !== 'ok') return answer
    const account = (await db.kit()).account.id
    const tried = new Set()
    for (let item; (item = await next(account, only, tried));) {
      tried.add(item.id)
      set(item.id, null)
      try {
        await sendOne(item)
      } catch (error) {
        if (error instanceof Refused) {
          await db.change(item.id, known => ({ ...known, state: 'problem', reason: error.message, problems: error.fields }))
        } else {
          words = error.message || '网络不通'
          return 'none'
        }
      } finally {
        set(item.id, undefined)
      }
    }
    return 'ok'
  })
  if (outcome === 'ok') { failures = 0; words = '' }
  if (outcome === 'none' || outcome === 'busy') again()
  if (outcome === 'signed-out') words = '登录已到时，请联网登录后再发送'
  db.tell({ outcome })
  return outcome
}

// Sends when there is reason to hope: now, when the network comes back, when the page is looked at again.
export const watch = () => {
  const hope = () => { failures = 0; send() }
  window.addEventListener('online', hope)
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') hope() })
  if (navigator.serviceWorker) navigator.serviceWorker.addEventListener('message', event => { if (event.data === 'send') hope() })
  window.addEventListener('beforeunload', event => { if (progress.size) { event.preventDefault(); event.returnValue = '' } })
  return send()
}

// Asks the browser to wake a page of ours when there is a network, where it can.
export const wake = async () => {
  try {
    const registration = await navigator.serviceWorker.getRegistration('/work')
    if (registration && registration.sync) await registration.sync.register('anyue-send')
  } catch (_) { /* not there: the page sends by itself */ }
}
