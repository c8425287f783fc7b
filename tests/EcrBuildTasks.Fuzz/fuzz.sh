#!/usr/bin/env bash
# Fuzzes what reads untrusted bytes, guided by coverage: AFL++ (Debian: apt-get install afl++) with SharpFuzz. One core.
# Usage: fuzz.sh [seconds for each target, 900 by default] [target…]; exit code 1 if an input crashed or hung a target.
set -euo pipefail
cd "$(dirname "$0")"

seconds=${1:-900}
shift || true
targets=("$@")
[ "${#targets[@]}" -gt 0 ] || targets=(archive policy log registry)
work=$(cd ../.. && pwd)/artifacts/fuzz
rm -rf "$work"
mkdir -p "$work"
dotnet build -c Release -o "$work/program" -v:q -p:CSharpier_Bypass=true -p:RunAnalyzers=false
dotnet tool install SharpFuzz.CommandLine --version 2.3.0 --tool-path "$work/tools"
for assembly in EcrBuildTasks.Core EcrBuildTasks.Policies; do
  "$work/tools/sharpfuzz" "$work/program/$assembly.dll"
done

export AFL_NO_UI=1 AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
export DOTNET_TieredCompilation=0 TMPDIR=$work
found=0
for target in "${targets[@]}"; do
  nice -n 19 afl-fuzz -i "corpus/$target" -o "$work/$target" -V "$seconds" -t 10000 -m none -- \
    dotnet "$work/program/EcrBuildTasks.Fuzz.dll" "$target" >"$work/$target.log" || { tail "$work/$target.log"; exit 2; }
  grep -E '^(execs_done|edges_found|saved_crashes|saved_hangs)' "$work/$target/default/fuzzer_stats" | sed "s/^/$target /"
  [ -z "$(find "$work/$target/default/crashes" "$work/$target/default/hangs" -name 'id:*')" ] || found=1
done
exit "$found"
