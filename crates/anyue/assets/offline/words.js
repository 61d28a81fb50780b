// Sentences and numbers as people read them.

export const size = bytes => bytes < 1048576 ? Math.max(1, Math.round(bytes / 1024)) + ' KB'
  : bytes < 1073741824 ? (bytes / 1048576).toFixed(1) + ' MB' : (bytes / 1073741824).toFixed(1) + ' GB'

export const day = text => {
  const [year, month, date] = String(text || '').split('-').map(Number)
  return year && month && date ? month + '月' + date + '日' : ''
}

// Days and hours are those of the site, Asia/Shanghai, wherever the phone believes to be.
const two = number => String(number).padStart(2, '0')
const local = ms => new Date(ms + 8 * 3600 * 1000)
export const dateOf = ms => { const at = local(ms); return (at.getUTCMonth() + 1) + '月' + at.getUTCDate() + '日' }
export const clock = ms => { const at = local(ms); return two(at.getUTCHours()) + ':' + two(at.getUTCMinutes()) }
export const moment = ms => dateOf(ms) + ' ' + clock(ms)
export const isoDay = ms => local(ms).toISOString().slice(0, 10)

// The words of a state; a percentage only while bytes are really under way.
export const state = (item, sending) => {
  if (item.state === 'received') return '已收到'
  if (sending !== undefined) return sending === null ? '正在发送' : '正在发送 ' + sending + '%'
  if (item.state === 'problem') return '需要处理'
  return item.state === 'queued' ? '在本机' : '草稿，在本机'
}

export const title = (item, kit) => {
  const fields = item.fields
  if (item.kind === 'record') {
    const kind = kit && kit.kinds.find(kind => kind.code === fields.kind)
    return fields.title || (kind ? kind.name : '活动记录')
  }
  const duty = kit && kit.duties.find(duty => duty.occurrence_id === fields.occurrence)
  return (duty ? duty.title : fields.duty_title || '报送') + (fields.zero ? '（零报告）' : '')
}

export const about = item => {
  const files = item.files.length ? item.files.length + '个文件，' + size(item.files.reduce((sum, file) => sum + file.size, 0)) : ''
  const what = item.kind === 'record' ? '活动记录' : '报送'
  const when = item.kind === 'record' ? day(item.fields.held_on) : ''
  return [what, when, item.fields.place, files].filter(part => part).join('　')
}
