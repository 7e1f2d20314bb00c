// Times as WeChat writes them between messages.

const DAY = 86_400_000;
const WEEK = ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"];

/** Write *at* as it looks at *now*: 10:05, 昨天 10:05, 星期一 10:05, 3月2日 10:05. */
export function chatTime(at, now) {
  const time = hour(at);
  const days = Math.round((midnight(now) - midnight(at)) / DAY);
  if (days === 0) return time;
  if (days === 1) return `昨天 ${time}`;
  if (days > 1 && days < 7) return `${WEEK[at.getDay()]} ${time}`;
  const year = at.getFullYear() === now.getFullYear() ? "" : `${at.getFullYear()}年`;
  return `${year}${at.getMonth() + 1}月${at.getDate()}日 ${time}`;
}

/** Write a moment's hour and minute. */
export function hour(at) {
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Write a span: 47小时12分, 3分5秒. */
export function span(seconds) {
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)}小时${Math.floor((seconds % 3600) / 60)}分`;
  return seconds >= 60 ? `${Math.floor(seconds / 60)}分${seconds % 60}秒` : `${seconds}秒`;
}

function midnight(at) {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

function two(number) {
  return String(number).padStart(2, "0");
}
