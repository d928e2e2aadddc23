#!/bin/sh
# Writes what a plan of a machine's TDX memory needs, as one text on standard output:
#   sh tdxpamt-collect.sh [--name NAME] > machine.txt
# Run it as root for all of it; what cannot be read is said on standard error, with what that costs. It needs a POSIX
# shell and nothing installed. No serial numbers, no host name but NAME, and no other lines of the kernel's log go in.
# ROOT=DIR looks below DIR instead.
set -u
LC_ALL=C
export LC_ALL
root=${ROOT:-}
name=
case ${1-} in
  --name) name=${2-} ;;
  '') ;;
  *) printf 'tdxpamt-collect: %s: the only option is --name NAME\n' "$1" >&2 && exit 2 ;;
esac

section() { printf '== tdxpamt: %s ==\n' "$1"; }

# missing WHAT COST
missing() {
  printf 'tdxpamt-collect: %s: cannot be read: %s\n' "$1" "$2" >&2
  printf '# %s: cannot be read: %s\n' "$1" "$2"
}

# The kernel's log since boot, from wherever it is whole.
kernel_log() {
  if [ -z "$root" ]; then
    log=$(journalctl -k -b -o short-monotonic --no-hostname 2> /dev/null)
    case $log in *'Linux version'*) printf '%s\n' "$log" && return ;; esac
    log=$(dmesg 2> /dev/null)
    [ -n "$log" ] && printf '%s\n' "$log" && return
  fi
  for file in "$root/var/log/dmesg" "$root/var/log/kern.log"; do
    [ -r "$file" ] && cat "$file" && return
  done
}

# The lines that matter, without who built the kernel and how it was started.
wanted() {
  grep -E 'Linux version |BIOS-e820|e820: (update|remove)|RAM map|(user|modified|extended|Xen): \[mem|SRAT|NUMA|'\
'node +[0-9]+: \[mem|Node [0-9]+: 0x|[sS]etup node|totalpages|node ranges|Movable zone|Fallback order|Memory: |'\
'memblock_add|last_pfn|tdx:|TDX|SEAMCALL|CMR|PAMT|R(CX|09) 0x' |
    grep -v 'Command line' | sed 's/\(Linux version [^ ]*\).*/\1/'
}

section kernel
[ -z "$name" ] || printf 'tdxpamt: name: %s\n' "$name"
release=$(cat "$root/proc/sys/kernel/osrelease" 2> /dev/null)
if [ -n "$release" ]; then
  printf 'Linux version %s\n' "$release"
else
  missing /proc/sys/kernel/osrelease 'which kernel it is'
fi
options=$(tr ' ' '\n' < "$root/proc/cmdline" 2> /dev/null |
  grep -E '^(tdx|kvm_intel\.tdx|nohibernate|numa|mem=|memmap=|movable|kernelcore|hugepages|default_hugepagesz|cma)')
for option in $options; do printf 'tdxpamt: option: %s\n' "$option"; done

section dmesg
lines=$(kernel_log | wanted)
if [ -n "$lines" ]; then
  printf '%s\n' "$lines"
else
  missing "the kernel's log" 'nodes, CMRs, and what the kernel did; run it as root'
fi

case $lines in
  *820:*) ;;
  *)
    section memmap
    [ -z "$lines" ] || missing "the log's memory map" 'it was overwritten, the firmware map stands in'
    number=0
    while [ -r "$root/sys/firmware/memmap/$number/type" ]; do
      entry=$root/sys/firmware/memmap/$number
      read -r start < "$entry/start"
      read -r end < "$entry/end"
      read -r type < "$entry/type"
      [ "$type" != 'System RAM' ] || type=usable
      printf 'BIOS-e820: [mem %s-%s] %s\n' "$start" "$end" "$type"
      number=$((number + 1))
    done ;;
esac

section iomem
ram=$(grep -E 'System RAM|Soft Reserved' "$root/proc/iomem" 2> /dev/null)
case $ram in
  '') missing /proc/iomem 'RAM that was added after boot' ;;
  *00000000-00000000*) missing /proc/iomem 'RAM that was added after boot; run it as root' ;;
  *) printf '%s\n' "$ram" ;;
esac

section nodes
any=
for node in "$root"/sys/devices/system/node/node[0-9]*; do
  [ -r "$node/distance" ] || continue
  any=yes
  number=${node##*/node}
  printf 'Node %s distances: %s\n' "$number" "$(cat "$node/distance")"
  processors=$(cat "$node/cpulist")
  printf 'Node %s processors: %s\n' "$number" "${processors:-none}"
  grep -s -h MemTotal "$node/meminfo"
  for pool in "$node"/hugepages/*; do
    [ -r "$pool/nr_hugepages" ] && printf 'hugepages of node %s, %s: ' "$number" "${pool##*/hugepages-}" &&
      cat "$pool/nr_hugepages"
  done
done
[ -n "$any" ] || missing /sys/devices/system/node 'the distances of nodes, so the order in which they are tried'

section tdx
for file in "$root"/sys/devices/faux/tdx_host/* "$root"/sys/class/firmware/tdx_module/* \
  "$root/sys/module/kvm_intel/parameters/tdx"; do
  [ -f "$file" ] && [ -r "$file" ] && printf '%s: %s\n' "${file#"$root"}" "$(head -n 1 "$file" 2> /dev/null)"
done
vendor=$(sed -n 's/^vendor_id[^:]*: //p' "$root/proc/cpuinfo" 2> /dev/null | head -n 1)
features=
for flag in $(sed -n 's/^flags[^:]*: //p' "$root/proc/cpuinfo" 2> /dev/null | head -n 1); do
  case $flag in xsave | movdir64b | ss | tdx_host_platform) features="$features $flag" ;; esac
done
if [ -n "$vendor" ]; then
  printf 'tdxpamt: processor: %s%s\n' "$vendor" "$features"
else
  missing /proc/cpuinfo 'whether the processor has what TDX needs'
fi
hibernation=none
[ ! -r "$root/sys/power/disk" ] || read -r hibernation < "$root/sys/power/disk"
[ ! -d "$root/sys/power" ] || printf 'tdxpamt: hibernation: %s\n' "$hibernation"

section pagetypeinfo
if [ -r "$root/proc/pagetypeinfo" ]; then
  cat "$root/proc/pagetypeinfo"
else
  missing /proc/pagetypeinfo 'how fragmented memory is; run it as root'
fi

section buddyinfo
cat "$root/proc/buddyinfo" 2> /dev/null || missing /proc/buddyinfo 'how much memory is free'
