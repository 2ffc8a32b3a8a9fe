import {h, name, section, table} from '../dom.js';
import {longTable} from '../longtable.js';
import {get} from '../net.js';
import {alertBadge, kind, number, percent, time} from '../words.js';

const VERDICTS = {TRUE_ALARM: 'true alarm', FALSE_ALARM: 'false alarm'};

function said(alert) {
  return [
    alert.acknowledgedBy ? 'seen by ' + alert.acknowledgedBy : null,
    alert.verdict ? VERDICTS[alert.verdict] : null,
    alert.muted ? 'muted' : null,
  ].filter(Boolean).join(', ');
}

export function alertTable(caption, alerts) {
  return longTable(caption, ['Alert', 'State', 'About', 'What', 'Since', 'Until', 'Said'],
    alerts, alert => [
      h('a', {href: '#/alert/' + encodeURIComponent(alert.id)}, name(kind(alert.kind))),
      alertBadge(alert),
      name(alert.about),
      h('span', {class: 'text'}, alert.text),
      time(alert.paneEnd),
      time(alert.resolvedAt),
      said(alert),
    ], alert => [kind(alert.kind), alert.state, alert.about, alert.text, said(alert)].join(' '), 'None.');
}

function precision(rows) {
  return section('How often they were right',
    h('p', null, 'Of the alerts that somebody judged; the interval is that of Clopper and Pearson at 95 %.'),
    table('Precision', ['Kind', 'Detector', 'True', 'False', 'Share true'], rows.map(row => [
      name(kind(row.kind)), name(row.detector), number(row.trueAlarms), number(row.falseAlarms),
      percent(row.precision) + ' [' + percent(row.lower) + ', ' + percent(row.upper) + ']',
    ])));
}

/** Filters stand in the address, so that a link leads to what somebody saw. */
function filters(wanted, model, which) {
  const go = event => {
    event.preventDefault();
    const form = event.target;
    location.hash = '#/alerts/' + ['which', 'kind', 'model']
      .map(each => encodeURIComponent(form.elements[each].value.trim())).join('/');
  };
  const choice = (value, text) => h('option', {value, selected: which === value}, text);
  return h('form', {class: 'filters', on: {submit: go}},
    h('label', {for: 'which'}, 'Which'),
    h('select', {id: 'which', name: 'which'},
      choice('', 'all but single samples'), choice('active', 'those that stand'), choice('samples', 'single samples too')),
    h('label', {for: 'kind'}, 'Kind'),
    h('input', {id: 'kind', name: 'kind', value: wanted || '', placeholder: 'any'}),
    h('label', {for: 'model'}, 'Model'),
    h('input', {id: 'model', name: 'model', value: model || '', placeholder: 'any'}),
    h('button', {id: 'filter', type: 'submit'}, 'Show'));
}

export async function alertsPage([which, wanted, model]) {
  const found = await get('alerts', {
    kind: wanted, model, active: which === 'active' ? 'yes' : '', samples: which === 'samples' ? 'yes' : '', limit: 500,
  });
  return {
    title: 'Alerts',
    body: [
      filters(wanted, model, which || ''),
      alertTable('Alerts, the newest first', found.alerts),
      found.older > 0
        ? h('p', null, number(found.older) + ' more are not shown; spectrawatch alerts list has them.') : null,
      found.precision.length > 0 ? precision(found.precision) : null,
    ],
  };
}
