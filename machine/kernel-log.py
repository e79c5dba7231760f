# SPDX-License-Identifier: MIT
"""The log of a Linux kernel in a core of s390x, printed by gdb:

    gdb-multiarch -batch -ex 'core-file CORE' -x machine/kernel-log.py

No symbols are needed: the kernel describes its buffers in VMCOREINFO, to which
its lowcore points.
"""
import gdb

LOWCORE_VMCOREINFO = 0xE0C
STATE_SHIFT = 62                    # of a descriptor: two bits, then its id
IDS = 1 << STATE_SHIFT              # they wrap, soon after boot for once
COMPLETE = (1, 2)                   # committed, finalized


def memory(address, length):
    """Bytes of absolute storage: the core has it from address 0 on."""
    return bytes(gdb.selected_inferior().read_memory(address, length))


def number(address, length=8):
    return int.from_bytes(memory(address, length), "big")


def padded(length):
    return (length + 3) & ~3


def vmcoreinfo():
    """What the kernel says of itself, as a dictionary."""
    note = number(LOWCORE_VMCOREINFO)
    if not note:
        raise gdb.GdbError("The kernel in this core has no VMCOREINFO.")
    name, size = number(note, 4), number(note + 4, 4)
    text = memory(note + 12 + padded(name), size).decode("ascii", "replace")
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


class Log:
    """The ring buffer of printk."""

    def __init__(self, info):
        self.info = info
        self.image = int(info["KERNELOFFSET"], 16)
        self.image_phys = int(info["KERNELOFFPHYS"], 16)
        self.identity = int(info["IDENTITYBASE"], 16)
        self.ring = self.pointer(self.absolute(int(info["SYMBOL(prb)"], 16)))
        self.descs = self.ring + self.offset("printk_ringbuffer.desc_ring")
        self.texts = self.ring + self.offset("printk_ringbuffer.text_data_ring")
        self.count = 1 << number(
            self.descs + self.offset("prb_desc_ring.count_bits"), 4)
        self.text_size = 1 << number(
            self.texts + self.offset("prb_data_ring.size_bits"), 4)

    def offset(self, name):
        return int(self.info[f"OFFSET({name})"])

    def size(self, name):
        return int(self.info[f"SIZE({name})"])

    def absolute(self, address):
        """An address of the kernel image, or of the map of all storage."""
        if address >= self.image:
            return address - self.image + self.image_phys
        return address - self.identity

    def pointer(self, address):
        return self.absolute(number(address))

    def text(self, desc, length):
        block = desc + self.offset("prb_desc.text_blk_lpos")
        begin = number(block + self.offset("prb_data_blk_lpos.begin"))
        end = number(block + self.offset("prb_data_blk_lpos.next"))
        if begin & 1:               # there is no text
            return ""
        if begin // self.text_size != end // self.text_size:
            begin = 0               # it did not fit at the end of the ring
        data = self.pointer(self.texts + self.offset("prb_data_ring.data"))
        start = data + begin % self.text_size + 8   # behind the id
        return memory(start, length).decode("utf-8", "replace")

    def lines(self):
        descs = self.pointer(self.descs + self.offset("prb_desc_ring.descs"))
        infos = self.pointer(self.descs + self.offset("prb_desc_ring.infos"))
        tail = number(self.descs + self.offset("prb_desc_ring.tail_id"))
        head = number(self.descs + self.offset("prb_desc_ring.head_id"))
        for step in range((head - tail) % IDS + 1):
            ident = (tail + step) % IDS
            at = ident % self.count
            desc = descs + at * self.size("prb_desc")
            info = infos + at * self.size("printk_info")
            state = number(desc + self.offset("prb_desc.state_var"))
            if state // IDS not in COMPLETE or state % IDS != ident:
                continue
            when = number(info + self.offset("printk_info.ts_nsec"))
            length = number(info + self.offset("printk_info.text_len"), 2)
            yield when, self.text(desc, length)


for nanoseconds, line in Log(vmcoreinfo()).lines():
    seconds, rest = divmod(nanoseconds, 10 ** 9)
    print(f"[{seconds:5d}.{rest // 1000:06d}] {line}")
