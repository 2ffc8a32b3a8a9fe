import {h, name, section, table} from '../dom.js';
import {get} from '../net.js';
import {number, time} from '../words.js';

function value(metric) {
  return metric.name.endsWith('_timestamp_seconds') ? time(metric.value) : number(metric.value);
}

function labels(metric) {
  return Object.entries(metric.labels).map(([label, text]) => label + ' ' + text).join(', ') || '–';
}

function of(metrics, wanted) {
  return metrics.filter(each => wanted.includes(each.name));
}

const FIGURES = {
  spectrawatch_lag_records: 'records behind',
  spectrawatch_shard_written_timestamp_seconds: 'clock of the shard last ticked',
  spectrawatch_watch_failures_total: 'times the brokers gave no answer',
  spectrawatch_exporter_undecodable_total: 'records that could not be decoded',
  spectrawatch_exporter_dropped_total: 'records beyond the limit on series',
  spectrawatch_repeated_records_total: 'records that were published before',
  spectrawatch_incomplete_samples_total: 'samples that did not come to their end',
  spectrawatch_snapshots_unwatched_total: 'snapshots of models without a place',
  spectrawatch_models_evicted_total: 'times an idle model gave up its place',
};
const LAG = ['spectrawatch_lag_records', 'spectrawatch_shard_written_timestamp_seconds'];

export async function healthPage() {
  const {metrics, reading} = await get('health');
  const left = Object.entries(reading.left);
  return {
    title: 'Pipeline',
    body: [
      reading.failure ? h('p', {class: 'problem', role: 'alert'}, 'The console has stopped reading: ' + reading.failure) : null,
      reading.unkept ? h('p', {class: 'problem', role: 'alert'}, 'What was read is no longer kept on disk: ' + reading.unkept) : null,
      section('Lag and clocks',
        h('p', null, 'How many records a reader is behind, and when the clock of a shard last ticked.'),
        table('Lag and clocks', ['Figure', 'Of', 'Now'],
          of(metrics, LAG).map(each => [FIGURES[each.name] || each.name, name(labels(each)), value(each)]), 'The brokers were not asked yet.')),
      section('Left out',
        table('Left out', ['Counter', 'Of', 'So far'],
          metrics.filter(each => !LAG.includes(each.name)).map(each => [FIGURES[each.name] || each.name, name(labels(each)), value(each)]),
          'Nothing was left out.')),
      section('What this console has read',
        table('Topics', ['Topic', 'Records of the past to go'], left.map(([topic, count]) => [name(topic), number(count)])),
        reading.unread.length === 0 ? null : h('ul', null, reading.unread.map(each => h('li', null, each))),
        h('p', null, number(reading.undecodable) + ' records could not be decoded; ' + number(reading.dropped) + ' had no place.')),
    ],
  };
}
