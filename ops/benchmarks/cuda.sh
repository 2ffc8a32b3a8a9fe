#!/usr/bin/env bash
# Measures the sketch on this machine's NVIDIA device beside one of its cores, in ten minutes.
#
#   ops/benchmarks/cuda.sh [FOLDER]      the folder for results, target/cuda unless given
#
# PROVIDER=ONNX_CPU runs the same graphs without a device; SIZES="d:rows ..." takes other sizes;
# SPECTRAWATCH names another launcher, where the project cannot be built.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
spectrawatch=${SPECTRAWATCH:-$root/ops/bin/spectrawatch}
folder=${1:-target/cuda}
provider=${PROVIDER:-CUDA}
# Frequent Directions from 4096 columns on, the exact moment below.
sizes=${SIZES:-384:400000 768:200000 4096:60000 16384:6000}

mkdir -p "$folder"
{
  date -u +%Y-%m-%dT%H:%M:%SZ
  nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader 2>/dev/null ||
    echo "no NVIDIA device is visible"
  grep -m 1 "model name" /proc/cpuinfo || true
  nproc
} | tee "$folder/machine.txt"

for size in $sizes; do
  d=${size%%:*}
  rows=${size##*:}
  for type in FLOAT32 FLOAT16; do
    for kernels in "$provider" HOST; do
      name="$kernels-$d-$type"
      echo "== $name"
      # Without a device, or where its memory is too small, the others are still measured.
      "$spectrawatch" bench kernel --d "$d" --sketch-rows 64 --rows "$rows" --no-peers \
        --element-type "$type" --provider "$kernels" --json "$folder/$name.json" 2>&1 |
        tee "$folder/$name.txt" || echo "$name: no result"
    done
  done
done
echo "results lie in $folder"
