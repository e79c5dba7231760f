// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Storage as the untrusted side sees it, in a file: what a guest shares or what
 * was never protected is readable, all else is encrypted.
 *
 * Page by page, so that no CPU waits for long.  It shows one moment only if the
 * machine is stopped, which it is when QEMU ends.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/cutils.h"
#include "qemu/error-report.h"
#include "qemu/notify.h"
#include "hw/qdev-core.h"
#include "system/cpus.h"
#include "system/runstate.h"
#include "cpu.h"
#include "hw/s390x/ultravisor.h"
#include "hw/s390x/uv-guest.h"
#include "hw/s390x/uv-view.h"

/* Of the command line, NULL if there is none. */
static char *view_at_end;

/* Zeros are left out: the file has holes there. */
static bool write_page(int fd, hwaddr addr, const uint8_t *page, Error **errp)
{
	ssize_t done;

	if (buffer_is_zero(page, TARGET_PAGE_SIZE))
		return true;
	do {
		done = pwrite(fd, page, TARGET_PAGE_SIZE, addr);
	} while (done < 0 && errno == EINTR);
	if (done < 0)
		error_setg_errno(errp, errno, "cannot write");
	else if (done != TARGET_PAGE_SIZE)
		error_setg(errp, "cannot write: no space left");
	return done == TARGET_PAGE_SIZE;
}

static bool write_pages(int fd, Error **errp)
{
	g_autofree uint8_t *page = g_malloc(TARGET_PAGE_SIZE);
	uint64_t end = s390_uv_ram_size();
	hwaddr addr;

	if (ftruncate(fd, end)) {
		error_setg_errno(errp, errno, "cannot write");
		return false;
	}
	for (addr = 0; addr < end; addr += TARGET_PAGE_SIZE) {
		if (!s390_uv_read_view(addr, page)) {
			error_setg(errp, "page 0x%" HWADDR_PRIx " cannot be encrypted",
				   addr);
			return false;
		}
		if (!write_page(fd, addr, page, errp))
			return false;
	}
	return true;
}

static bool is_replaceable(const char *path, Error **errp)
{
	struct stat stat;

	if (lstat(path, &stat) || S_ISREG(stat.st_mode))
		return true;
	error_setg(errp, "not a regular file, name another one");
	return false;
}

/* Whole under its name, or not there at all. */
static bool write_file(const char *path, Error **errp)
{
	g_autofree char *unfinished = g_strdup_printf("%s.XXXXXX", path);
	bool done;
	int fd;

	if (!is_replaceable(path, errp))
		return false;
	fd = g_mkstemp_full(unfinished, O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0) {
		error_setg_errno(errp, errno, "cannot be made");
		return false;
	}
	done = write_pages(fd, errp);
	if (close(fd) && done) {
		error_setg_errno(errp, errno, "cannot write");
		done = false;
	}
	if (done && rename(unfinished, path)) {
		error_setg_errno(errp, errno, "cannot be replaced");
		done = false;
	}
	if (!done)
		unlink(unfinished);
	return done;
}

bool s390_uv_write_view(const char *path, Error **errp)
{
	Error *err = NULL;

	if (!phase_check(PHASE_MACHINE_READY))
		return true;
	if (write_file(path, &err))
		return true;
	error_prepend(&err, "uv-host-view: '%s': ", path);
	error_propagate(errp, err);
	return false;
}

/*
 * When QEMU has decided to end, from its main loop; at its exit libcrypto would
 * be gone.  CPUs need not be resumed: what follows would stop them.
 */
static void at_shutdown(Notifier *notifier, void *data)
{
	Error *err = NULL;

	pause_all_vcpus();
	if (!s390_uv_write_view(view_at_end, &err))
		error_report_err(err);
}

static Notifier shutdown_notifier = { .notify = at_shutdown };

void s390_uv_view_init(const char *path)
{
	if (!path)
		return;
	/* The working directory is another one by then, with -daemonize. */
	view_at_end = g_canonicalize_filename(path, NULL);
	qemu_register_shutdown_notifier(&shutdown_notifier);
}
