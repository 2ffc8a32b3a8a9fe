import {h, name, section, table} from '../dom.js';
import {chart} from '../charts.js';
import {get} from '../net.js';
import {kind, link, micros, number, percent, title} from '../words.js';

function distribution(found) {
  const bins = found.histogram.length;
  const all = found.histogram.reduce((sum, each) => sum + each, 0);
  const x = found.histogram.map((each, i) => (i + 0.5) / bins);
  return chart(all === 1 ? 'The p-value of the last sample' : 'P-values of the last ' + number(all) + ' samples', {
    x, xLabel: 'p-value', yLabel: 'samples', range: [0, 1], series: [
      {label: 'samples', values: found.histogram, stroke: '--accent', bars: true},
      {label: 'if spread evenly, as clean samples are', values: x.map(() => all / bins), stroke: '--alert', dash: true}],
  });
}

function rates(found) {
  return [
    chart('Samples read and found, by minute', {
      x: found.rates.time, xLabel: 'minute (UTC)', yLabel: 'samples', time: true, series: [
        {label: 'samples', values: found.rates.samples, stroke: '--accent'},
        {label: 'with a finding', values: found.rates.findings, stroke: '--alert', dash: true}],
    }),
    found.exceedances.time.length === 0 ? null : chart('Share beyond the calibration\'s limit', {
      x: found.exceedances.time, xLabel: 'end of the pane (UTC)', yLabel: 'share', time: true, series: [
        {label: 'share', stroke: '--accent',
          values: found.exceedances.exceedances.map((each, i) => each / found.exceedances.samples[i])}],
    }),
  ];
}

/** Where the request can be looked at. */
export function trace(context, session) {
  if (!context || !context.traceId) {
    return '–';
  }
  if (!session.traceUrl) {
    return h('code', null, context.traceId);
  }
  const href = session.traceUrl.replaceAll('{traceId}', encodeURIComponent(context.traceId))
    .replaceAll('{spanId}', encodeURIComponent(context.spanId || ''));
  return h('a', {href, rel: 'noreferrer'}, h('code', null, context.traceId));
}

export function speaking(rows) {
  return rows.length === 0 ? '–' : rows
    .map(each => each.position + ' (' + (each.phase ? each.phase.toLowerCase() + ', ' : '') + percent(each.share) + ')').join(', ');
}

function findings(found, session) {
  return table('Latest findings', ['Sample', 'Called', 'Client', 'p', 'Loudest score', 'Tokens or rows', 'Trace', 'When'],
    found.latest.map(each => [name(each.sampleId), name(kind(each.kind)), each.client ? name(each.client) : '–',
      number(each.p), each.loudest ? name(each.loudest) : '–', speaking(each.speaking), trace(each.context, session),
      micros(each.capturedAt)]), 'No sample was called anything.');
}

function pairs(found) {
  return table('Pairs', ['Sample', 'Client', 'Nearest earlier request', 'Offset', 'p of the pair at best', 'When'],
    found.pairs.map(each => [name(each.sampleId), each.client ? name(each.client) : '–', name(each.nearest),
      number(each.nearestOffset), number(each.pairResolution), micros(each.capturedAt)]),
    'No request came near an earlier one of its client.');
}

export async function samplesPage([model, version, segment], context) {
  const [found, session] = await Promise.all([get('samples', {model, version, segment}), context.session]);
  return {
    title: 'Samples of ' + title(found),
    body: [
      h('p', null, number(found.samples) + (found.samples === 1 ? ' whole sample of ' : ' whole samples of '), h('a', {href: link('model', found)}, name(title(found))),
        (found.samples === 1 ? ' was' : ' were') + ' read, ' + number(found.findings) + ' with a finding; ' + number(found.incomplete) + ' did not come to their end.'),
      h('div', {class: 'pair'}, distribution(found), rates(found)),
      section('Which score spoke', table('Loudest scores', ['Score', 'Findings'],
        Object.entries(found.loudest).sort((a, b) => b[1] - a[1]).map(([score, count]) => [name(score), number(count)]))),
      section('Latest findings', findings(found, session)),
      section('Requests near an earlier one', pairs(found)),
    ],
  };
}
