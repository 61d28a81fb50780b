// The page /work/offline, also shown in place of any page of the workspace that cannot be fetched: what waits, what was
// received, what is owed; the two forms; the sealed file; the state of the store.
import * as db from './db.js'
import * as form from './form.js'
import { now, refresh } from './kit.js'
import { mirror } from './mirror.js'
import { isPossible, Wrong } from './sealed.js'
import { send, sending, wake, watch, why } from './send.js'
import { worker } from './start.js'
import { look, persist } from './storage.js'
import { pack, unpack } from './transfer.js'
import * as words from './words.js'

const { ask, find, all, say } = window.anyue
const away = location.pathname !== '/work/offline' // shown in place of another page
let kit
let online = null // null: not known yet
let outcome = ''

// ----- the list -----

const put = (name, nodes) => find('[data-list="' + name + '"]').replaceChildren(...nodes)

const act = async (name, item) => {
  if (name === 'open') { location.hash = '#' + item.kind + '/' + item.id; return }
  if (name === 'delete') {
    const files = item.files.length ? '，连同' + item.files.length + '个文件' : ''
    if (await ask('从本机删除“' + words.title(item, kit) + '”' + files + '吗？删除后找不回来。', '删除')) { await db.remove(item.id); say('已删除'); mirror() }
    return
  }
  if (name === 'export') { const box = find('[data-transfer]'); box.open = true; box.dataset.only = item.id; find('#f-passphrase').focus(); say('请设一个口令，把这一件存成文件'); return }
  await db.change(item.id, known => ({ ...known, state: 'queued', reason: '', problems: {} }))
  await persist()
  go(item.id)
}

let open = new Set() // ids of items that are not received yet
const line = item => {
  const node = form.copy('t-item')
  const percent = sending().get(item.id)
  const busy = sending().has(item.id)
  find('[data-title]', node).textContent = words.title(item, kit)
  const state = find('[data-state]', node)
  state.textContent = words.state(item, busy ? percent : undefined)
  state.classList.add(item.state === 'problem' ? 'state-returned' : 'state-not-yet')
  const place = item.state === 'draft' && item.mirror.version > 0 && item.mirror.at >= item.updatedAt ? '服务器上也存了一份' : ''
  const bar = find('[data-progress]', node)
  bar.hidden = !busy || percent === null
  bar.value = percent || 0
  const reason = find('[data-reason]', node)
  const before = item.state === 'queued' && item.belongs.some(id => open.has(id)) ? '等它的活动记录先收到，再发这一份' : ''
  find('[data-about]', node).textContent = [words.about(item), place, before].filter(text => text).join('　')
  const text = item.state === 'problem' ? item.reason : item.other ? '另一处也改过，请打开核对' : item.mirror.gone ? '这份草稿已在另一台设备上发送或删除。确认后可在本机删除。' : ''
  reason.textContent = text
  reason.hidden = !text
  all('[data-act]', node).forEach(button => {
    button.hidden = busy || (button.dataset.act === 'send' && item.state === 'draft')
    button.setAttribute('aria-label', button.textContent + '：' + words.title(item, kit))
    button.addEventListener('click', () => act(button.dataset.act, item))
  })
  return node
}

const receivedLine = item => {
  const node = form.copy('t-received')
  const link = find('[data-title]', node)
  link.textContent = words.title(item, kit)
  link.href = item.receipt.href
  find('[data-about]', node).textContent = words.moment(item.receipt.at) + '　回执号' + item.receipt.number
  return node
}

const owedLine = duty => {
  const node = form.copy('t-owed')
  find('[data-title]', node).textContent = duty.title
  const late = duty.due_at && duty.due_at < now(kit) && !duty.handed_in && !duty.born_past
  const stand = duty.returned ? '已退回，请修改' : duty.handed_in ? '已报送，可以修改' : duty.born_past ? '收到通知时已过期，可以补报' : late ? '已过期限' : ''
  const about = find('[data-about]', node)
  about.textContent = [duty.due ? '截止 ' + duty.due : '随时可报', stand, kit.units.length > 1 ? duty.unit : ''].filter(text => text).join('　')
  about.classList.toggle('overdue', Boolean(late))
  find('button', node).addEventListener('click', () => begin('report', { occurrence: duty.occurrence_id, duty_title: duty.title }))
  return node
}

const signedOut = items => {
  const waiting = items.filter(db.isOpen)
  const names = [...new Set(waiting.map(item => item.accountName))]
  find('[data-signed-out-words]').textContent = waiting.length
    ? '本机还有' + waiting.length + '件没有发送的内容（' + names.join('、') + '），登录同一个账号后就能看到并发送。'
    : '第一次使用要联网登录一次，以后没有网络也能写。'
}

let again = 0
const render = () => { cancelAnimationFrame(again); again = requestAnimationFrame(() => show().catch(failed)) }
const show = async () => {
  const every = await db.all()
  kit = await db.kit()
  const items = kit ? every.filter(item => item.account === kit.account.id) : []
  find('[data-signed-out]').hidden = Boolean(kit)
  find('[data-signed-in]').hidden = !kit
  signedOut(every)
  if (kit) find('[data-unit-name]').textContent = kit.units.map(unit => unit.name).join('、')
  const waiting = items.filter(item => item.state === 'queued' || item.state === 'problem')
  const drafts = items.filter(item => item.state === 'draft')
  const received = items.filter(item => item.state === 'received').reverse()
  open = new Set(items.filter(db.isOpen).map(item => item.id))
  put('queue', waiting.map(line))
  put('drafts', drafts.map(line))
  put('received', received.map(receivedLine))
  put('owed', kit ? kit.duties.slice(0, 12).map(owedLine) : [])
  const count = (name, number) => { find('[data-count="' + name + '"]').textContent = number ? number + '件' : '' }
  count('queue', waiting.length)
  count('drafts', drafts.length)
  find('[data-none="queue"]').hidden = waiting.length > 0
  find('[data-list="queue"]').hidden = waiting.length === 0
  find('[data-part="drafts"]').hidden = drafts.length === 0
  find('[data-part="owed"]').hidden = !kit || kit.duties.length === 0
  find('[data-kit-at]').textContent = kit ? words.moment(kit.at) + '的资料' : ''
  find('[data-received-words]').textContent = '已收到　' + received.length + '件'
  find('[data-send-all]').hidden = !waiting.some(item => item.state === 'queued') || sending().size > 0
  net(waiting)
  await store([...waiting, ...drafts])
  const foreign = every.filter(item => db.isOpen(item) && kit && item.account !== kit.account.id)
  warn('foreign', foreign.length === 0 ? [] : ['本机还有另一个账号（' + [...new Set(foreign.map(item => item.accountName))].join('、') + '）没有发送的' + foreign.length + '件，请用那个账号登录后发送。'])
}

const warnings = new Map() // what each reason has to say
const warn = (reason, texts) => {
  warnings.set(reason, texts)
  const all = Array.from(warnings.values()).reduce((sum, some) => sum.concat(some), [])
  const box = find('[data-warnings]')
  if (box.dataset.words === all.join()) return
  box.dataset.words = all.join()
  box.replaceChildren(...all.map(text => { const node = form.copy('t-warning'); find('[data-title]', node).textContent = text; return node }))
}
let stored = ''
const store = async items => {
  const key = items.map(item => item.id + item.files.length).join()
  if (stored === key) return
  stored = key
  const state = await look(items)
  warn('store', state.warnings)
  find('[data-storage]').textContent = state.words
}

const net = waiting => {
  const busy = sending().size > 0
  const text = busy ? '正在发送，请不要关闭本页。'
    : online === 'ok' ? (waiting.some(item => item.state === 'queued') ? '已连上网络。' + (why() ? why() + '。' : '') : '已连上网络。')
    : online === 'signed-out' ? (kit ? '登录已到时。内容都在本机，联网登录后自动发送。' : '已连上网络，还没有登录。')
    : online === 'none' ? '现在没有网络。' + (waiting.length ? '等着发送的' + waiting.length + '件在本机，有网络时自动发送。' : '照常填写，有网络时自动发送。') : ''
  const place = find('[data-net]')
  if (place.textContent !== text) place.textContent = text
  if (online === 'signed-out' && kit && !busy && !find('a', place)) {
    const link = document.createElement('a')
    Object.assign(link, { href: '/signin?next=/work/offline', textContent: '去登录' })
    place.append(' ', link)
  }
}

// ----- views -----

const view = name => {
  find('[data-opening]').hidden = true
  all('[data-view]').forEach(part => { part.hidden = part.dataset.view !== name })
  const filling = name !== 'list'
  find('[data-bar]').hidden = !filling
  find('[data-tabs]').hidden = filling
  find('[data-heading]').textContent = name === 'record' ? '活动记录' : name === 'report' ? '报送' : '离线报送'
  find('[data-lead]').hidden = filling
}

const route = async () => {
  const [kind, id] = location.hash.slice(1).split('/')
  if (form.current() && form.current() !== id) { await form.close(); if (online === 'ok') go() }
  if ((kind === 'record' || kind === 'report') && id) {
    if (sending().has(id)) say('这一件正在发送')
    else {
      const item = await form.open(id, kit)
      if (item) { view(item.kind); window.scrollTo(0, 0); find('[data-heading]').focus(); return }
    }
    history.replaceState(null, '', location.pathname)
  }
  view('list')
  render()
}

const begin = async (kind, fields) => {
  const first = kit.units.length ? kit.units[0].id : ''
  const today = words.isoDay(now(kit))
  const serves = kit.serves[0] ? kit.serves[0].campaign_id : ''
  const known = kind === 'report' && fields && (await db.all()).find(item => item.kind === 'report' && db.isOpen(item) && item.fields.occurrence === fields.occurrence)
  const item = known || await db.add(db.blank(kind, kit.account, kind === 'record' ? { unit: first, held_on: today, serves, ...fields } : { ...fields }))
  location.hash = '#' + kind + '/' + item.id
}

const leave = () => { if (location.hash) history.back(); else route() }

// ----- sending -----

const go = async only => {
  await wake()
  outcome = await send(only)
  if (outcome === 'ok' || outcome === 'none' || outcome === 'signed-out') online = outcome
  render()
}

const reach = async () => { online = await refresh(); if (online === 'ok') await mirror(); render() }

// ----- the sealed file -----

const saveAs = (blob, name) => {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(link.href), 60000)
}
const transferWords = text => { find('[data-transfer-words]').textContent = text }
const exporting = async () => {
  const field = find('#f-passphrase')
  if (!isPossible()) return transferWords('这个浏览器不能加密，请换手机自带的浏览器，用 https 地址打开。')
  if (Array.from(field.value).length < 8) { field.focus(); return transferWords('口令至少8个字。') }
  transferWords('正在加密…')
  const { count, file } = await pack(field.value, kit.account.id, find('[data-transfer]').dataset.only)
  if (!count) return transferWords('没有需要存的内容。')
  saveAs(file, '待发送-' + words.dateOf(now(kit)) + '.anyue')
  delete find('[data-transfer]').dataset.only
  field.value = ''
  transferWords('已存成文件，共' + count + '件，' + words.size(file.size) + '。口令请另外告诉取回的人，不要和文件一起发。')
}
const importing = async () => {
  const file = find('#f-sealed').files[0]
  if (!file) return transferWords('请先选择文件。')
  transferWords('正在取回…')
  try {
    const { added, known, both } = await unpack(find('#f-opening').value, file, kit.account)
    find('#f-opening').value = ''
    find('#f-sealed').value = ''
    transferWords('取回' + added + '件' + (known ? '，' + known + '件本机已有' : '') + (both ? '，' + both + '件两处都改过，请打开核对' : '') + '。')
    go()
  } catch (error) {
    transferWords(error instanceof Wrong ? error.message + '。' : '没有取回，本机的内容没有变。请再试一次。')
  }
}

// ----- beginning -----

const failed = () => {
  view('list')
  find('[data-signed-in]').hidden = true
  warn('failed', ['这个窗口不让网页在本机存内容（多半是无痕窗口），离线填写用不了。请换普通窗口打开。'])
}

all('[data-new]').forEach(button => button.addEventListener('click', () => begin(button.dataset.new)))
find('[data-send-all]').addEventListener('click', () => go())
find('[data-queue]').addEventListener('click', async () => {
  if (!await form.queue()) return
  await persist()
  leave()
  say('已放进待发送')
  go()
})
all('[data-leave]').forEach(button => button.addEventListener('click', async () => { await form.close(true); leave(); mirror() }))
all('[data-delete]').forEach(button => button.addEventListener('click', async () => {
  const item = await db.get(form.current())
  if (!await ask('从本机删除“' + words.title(item, kit) + '”吗？删除后找不回来。', '删除')) return
  await form.close(true)
  await db.remove(item.id)
  leave()
  mirror()
}))
find('[data-form="export"]').addEventListener('submit', event => { event.preventDefault(); exporting() })
find('[data-form="import"]').addEventListener('submit', event => { event.preventDefault(); importing() })
all('[data-form="record"], [data-form="report"]').forEach(one => one.addEventListener('submit', event => event.preventDefault()))
window.addEventListener('hashchange', () => route().catch(failed))
window.addEventListener('online', reach)
document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') reach() })
window.addEventListener('offline', () => { online = 'none'; render() })
db.listen(what => { if (what.outcome && what.outcome !== 'busy' && what.outcome !== 'other') online = what.outcome; render() })

const start = async () => {
  if (document.cookie.split('; ').includes('large_type=1')) document.documentElement.classList.add('large')
  kit = await db.kit()
  await db.sweep()
  if (away) warn('away', ['要打开的页面需要网络，现在打不开。有网络后请刷新本页；在这里可以先写。'])
  await route()
  const kept = await worker()
  find('[data-worker]').textContent = kept ? '没有网络时也能打开本页。' : '这个浏览器（例如旧版微信）不能在没有网络时打开本页；本页开着时照常填写、存在本机，请不要关闭。'
  if (!kept) warn('worker', ['这个浏览器不能在没有网络时打开本页。请保持本页开着，或者换手机自带的浏览器。'])
  await reach()
  kit = await db.kit()
  if (!form.current()) await route()
  online = online === 'ok' ? await watch() : (watch(), online)
  render()
}
start().catch(failed)
