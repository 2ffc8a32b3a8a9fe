import {h, name, section} from '../dom.js';
import {longTable} from '../longtable.js';
import {get} from '../net.js';
import {badge, link, number, time} from '../words.js';
import {alertTable} from './alerts.js';

/** What a model needs of whoever looks. */
export function modelBadge(model) {
  const standing = Object.values(model.active).reduce((sum, each) => sum + each, 0);
  if (standing > 0) {
    return badge('alert', standing === 1 ? '1 alert' : standing + ' alerts');
  }
  const open = model.certificates.partial + model.certificates.refused;
  if (open > 0 || model.unwatched > 0) {
    return badge('attention', open > 0 ? open + ' not certified' : model.unwatched + ' not watched');
  }
  return badge('quiet', 'quiet');
}

function line(model) {
  const certificates = model.certificates;
  return [
    h('a', {href: link('model', model)}, name(model.model)),
    name(model.version),
    model.segment ? name(model.segment) : '–',
    modelBadge(model),
    number(model.layers),
    model.interfaces === 0 ? '–' : certificates.issued + ' / ' + certificates.partial + ' / ' + certificates.refused,
    h('a', {href: link('samples', model)}, number(model.samples)),
    number(model.lastMinute),
    number(model.findings),
    time(model.paneEnd),
  ];
}

/** How far the services are behind, over all shards. */
function behind(metrics) {
  const lag = new Map();
  metrics.filter(each => each.name === 'spectrawatch_lag_records').forEach(each =>
    lag.set(each.labels.reader, (lag.get(each.labels.reader) || 0) + each.value));
  return lag.size === 0 ? 'The brokers were not asked yet how far the services are behind.'
    : 'Records behind: ' + [...lag].map(([reader, count]) => reader + ' ' + number(count)).join(', ') + '.';
}

export async function fleetPage() {
  const [fleet, alerts, health] = await Promise.all([get('fleet'), get('alerts', {active: 'yes', limit: 20}), get('health')]);
  const count = alerts.alerts.length + alerts.older;
  return {
    title: 'Fleet',
    body: [
      section(count === 0 ? 'No alert stands' : count === 1 ? 'One alert stands' : count + ' alerts stand',
        count === 0 ? null : alertTable('Alerts that stand', alerts.alerts),
        alerts.older > 0 ? h('p', null, h('a', {href: '#/alerts'}, 'All alerts')) : null),
      section('Models',
        h('p', null, behind(health.metrics)),
        longTable('Models',
          ['Model', 'Version', 'Segment', 'State', 'Layers', 'Issued / partial / refused', 'Samples', 'In a minute', 'Findings', 'Last pane'],
          fleet.models, line, model => [model.model, model.version, model.segment || ''].join(' '), 'No record of any model was read yet.')),
    ],
  };
}
