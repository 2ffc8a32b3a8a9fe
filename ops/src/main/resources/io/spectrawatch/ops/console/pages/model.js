import {h, facts, name, section, table} from '../dom.js';
import {longTable} from '../longtable.js';
import {timeline} from '../charts.js';
import {get} from '../net.js';
import {certificateBadge, interval, kind, link, number, percent, time, title} from '../words.js';
import {alertTable} from './alerts.js';
import {modelBadge} from './fleet.js';

function descriptor(layer, wanted) {
  return interval(layer.descriptors.find(each => each.name === wanted));
}

function layers(model) {
  return longTable('Layers', ['Layer', 'Rows', 'Columns', 'Sketch', 'Spectral entropy', 'Effective rank', 'Last pane'],
    model.layerList, layer => [
      h('a', {href: link('layer', model, layer.name)}, name(layer.name)),
      number(layer.rows), number(layer.columns), layer.algorithm,
      descriptor(layer, 'spectral_entropy'), descriptor(layer, 'effective_rank'), time(layer.paneEnd),
    ], layer => layer.name, 'No sketch was read yet.');
}

function interfaces(model) {
  return longTable('Interfaces', ['Interface', 'Certificate', 'Radius consumed', 'Proven changed', 'Alerts', 'Last pool', 'Why not all'],
    model.interfaceList, each => [
      h('a', {href: link('interface', model, each.name)}, name(each.name)),
      certificateBadge(each.status),
      each.utilisation === undefined ? '–' : percent(each.utilisation) + ' to ' + percent(each.utilisationUpper),
      number(each.changed), each.active.map(kind).join(', ') || '–', time(each.paneEnd),
      h('span', {class: 'text'}, each.reason || '–'),
    ], each => [each.name, each.status, ...each.active.map(kind)].join(' '), 'No baseline is in force, so nothing is certified.');
}

function unwatched(pane) {
  return section('Not watched',
    h('p', null, pane.reason || 'These layers did not fit the memory budget in the last pane that says so: ' + pane.budget),
    table('Layers not watched', ['Layer', 'Columns', 'Rows left out'],
      pane.layers.map(each => [name(each.layer), number(each.columns), number(each.rows)])));
}

export async function modelPage([model, version, segment]) {
  const [found, alerts] = await Promise.all([
    get('model', {model, version, segment}), get('alerts', {model, limit: 200})]);
  const own = alerts.alerts.filter(each => each.version === version && (each.segment || '') === (segment || ''));
  return {
    title: title(found),
    body: [
      facts([
        ['State', modelBadge(found)],
        ['Last pane', time(found.paneEnd)],
        ['Samples', h('a', {href: link('samples', found)}, number(found.samples) + ' read, ' + number(found.findings) + ' with a finding')],
        ['Rows outside the gain profile', found.growth ? percent(found.growth.rows ? found.growth.outside / found.growth.rows : 0) : null],
      ]),
      own.length > 0 ? section('Alerts', timeline(own), alertTable('Alerts of this model', own.slice(0, 30))) : null,
      section('Interfaces', interfaces(found)),
      section('Layers', layers(found)),
      found.unwatchedPane && found.unwatchedPane.layers.length > 0 ? unwatched(found.unwatchedPane) : null,
    ],
  };
}
