#!/bin/sh
# boot.sh ROOT: becomes systemd, process 1 of a system of its own that lives in ROOT. Runs in new mount, process and control
# group namespaces; takes the network namespace it is started in.
set -eu
cd "$1"
mount --bind . .
cd "$1"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
for folder in run tmp dev; do mount -t tmpfs tmpfs $folder; done
for device in null zero full random urandom tty; do
  touch dev/$device
  mount --bind /dev/$device dev/$device
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
mount -t tmpfs tmpfs dev/shm
# systemd copies it into the private /dev of a service.
ln -s pts/ptmx dev/ptmx
pivot_root . mnt
cd /
umount --lazy /mnt
mount --make-rshared /
exec env -i container=lxc /lib/systemd/systemd --system
