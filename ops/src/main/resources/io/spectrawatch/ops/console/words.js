// Numbers, times and states as people read them.

import {h} from './dom.js';

export function number(value) {
  if (value === null || value === undefined) {
    return '–';
  }
  if (Number.isInteger(value) && Math.abs(value) < 1e15) {
    return value.toLocaleString('en-US');
  }
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(3) : String(Number(value.toPrecision(4)));
}

export function interval(each) {
  return each ? number(each.estimate) + ' [' + number(each.lower) + ', ' + number(each.upper) + ']' : '–';
}

export function percent(share) {
  return share === null || share === undefined ? '–' : Number((100 * share).toPrecision(3)) + ' %';
}

/** A time in UTC, from seconds since the epoch. */
export function time(seconds) {
  if (seconds === null || seconds === undefined) {
    return '–';
  }
  const iso = new Date(seconds * 1000).toISOString();
  return h('time', {datetime: iso}, iso.slice(0, 19).replace('T', ' ') + ' UTC');
}

export function micros(value) {
  return value === null || value === undefined ? '–' : time(value / 1e6);
}

/** A descriptor's name without its underscores. */
export function plain(name) {
  return name.replaceAll('_', ' ');
}

const MARKS = {alert: '▲', attention: '◆', quiet: '●', unknown: '○'};

/** A state by shape, colour and word. */
export function badge(level, text) {
  return h('span', {class: 'badge ' + level}, h('span', {'aria-hidden': 'true'}, MARKS[level] + ' '), text);
}

export function alertBadge(alert) {
  switch (alert.state) {
    case 'active': return badge(alert.acknowledgedBy ? 'attention' : 'alert', alert.acknowledgedBy ? 'stands, seen' : 'stands');
    case 'sample': return badge('attention', 'one sample');
    default: return badge('quiet', alert.state);
  }
}

/** A kind of alert or finding in small letters. */
export function kind(name) {
  return plain(name).toLowerCase();
}

export function certificateBadge(name) {
  const status = name.toLowerCase();
  return badge({issued: 'quiet', partial: 'attention', refused: 'unknown'}[status] || 'unknown', status);
}

/** Where a model's pages are. */
export function link(page, model, ...more) {
  return '#/' + [page, model.model, model.version, model.segment || '', ...more]
    .map(encodeURIComponent).join('/');
}

export function title(model) {
  return model.model + ' ' + model.version + (model.segment ? ', ' + model.segment : '');
}
