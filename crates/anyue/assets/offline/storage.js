// Whether the browser may wipe what is kept here, said plainly and with a date.
import { dateOf, size } from './words.js'

const WEEK = 7 * 24 * 3600 * 1000
const TIGHT = 200 * 1048576

// Asked when the first thing is put into the queue: then the browser, and the person, know what for.
export const persist = async () => {
  try {
    if (navigator.storage && navigator.storage.persist && !await navigator.storage.persisted()) await navigator.storage.persist()
  } catch (_) { /* it stays as it is */ }
}

const estimate = async () => {
  try { return await navigator.storage.estimate() } catch (_) { return null }
}

// Browsers do not say that a window is private; they give it less room. So this is a guess, and worded as one.
const mayBePrivate = room => {
  const heap = self.performance && performance.memory && performance.memory.jsHeapSizeLimit
  return Boolean(room && room.quota && heap && room.quota < heap * 2 && room.quota < 2 * 1073741824)
}

// { warnings: sentences that matter now, words: how things are }.
export const look = async items => {
  const waiting = items.length
  const room = await estimate()
  const kept = Boolean(navigator.storage && navigator.storage.persisted && await navigator.storage.persisted().catch(() => false))
  const agent = navigator.userAgent
  const apple = /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1)
  const wechat = /MicroMessenger/.test(agent)
  const warnings = []
  if (waiting && !kept && (apple || wechat)) {
    const words = apple ? '这个浏览器在7天没有打开本站后，可能清除本机的内容' : '微信清理缓存时，可能清除本机的内容'
    warnings.push(words + '。请在' + dateOf(Date.now() + WEEK) + '以前联网打开一次本页把它们发出去，或者先“存成文件”。')
  }
  if (mayBePrivate(room)) warnings.push('现在用的可能是无痕窗口：窗口一关，本机的内容就没有了。请换普通窗口，或者先“存成文件”。')
  const left = room && room.quota ? room.quota - room.usage : null
  if (left !== null && left < TIGHT) warnings.push('本机可用的地方只有约' + size(left) + '，照片和视频可能存不下。请先发送一些，或者清理手机。')
  const words = [
    room && room.usage !== undefined ? '本站在本机已用约' + size(room.usage) + (left !== null ? '，还可以存约' + size(left) : '') + '。' : '浏览器没有说明还有多少地方。',
    kept ? '浏览器已答应长期保存，只有您自己清除网站数据时才会删去。' : '浏览器没有答应长期保存：手机空间不足或清理缓存时，本机的内容可能被清除。文字在有网络时另存一份在服务器。',
  ]
  return { warnings, words: words.join('') }
}
