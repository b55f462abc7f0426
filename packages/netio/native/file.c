/* Writing a journal durably off the main thread, and locking it. */
#include "netio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

struct commit {
  napi_async_work work;
  napi_deferred deferred;
  napi_ref buffer; /* keeps `data` alive */
  const uint8_t *data;
  size_t length;
  off_t position;
  int fd;
  int result; /* 0, the errno of the write, or minus the errno of the sync */
};

/* What macOS calls a sync may stay in the disk's own memory. */
static int sync_data(int fd) {
#ifdef F_FULLFSYNC
  return fcntl(fd, F_FULLFSYNC);
#else
  return fdatasync(fd);
#endif
}

static void run_commit(napi_env env, void *data) {
  (void)env;
  struct commit *commit = data;
  while (commit->length > 0) {
    ssize_t written = pwrite(commit->fd, commit->data, commit->length, commit->position);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      commit->result = written < 0 ? errno : ENOSPC;
      return;
    }
    commit->data += written;
    commit->length -= (size_t)written;
    commit->position += written;
  }
  /* Not tried again on any other error: after a failed sync the kernel may have dropped the pages and call them clean. */
  while (sync_data(commit->fd) != 0) {
    if (errno == EINTR) continue;
    commit->result = -errno;
    return;
  }
}

static void end_commit(napi_env env, napi_status status, void *data) {
  struct commit *commit = data;
  napi_resolve_deferred(env, commit->deferred, number(env, status == napi_ok ? commit->result : ECANCELED));
  napi_delete_reference(env, commit->buffer);
  napi_delete_async_work(env, commit->work);
  free(commit);
}

/* commit(fd, buffer, length, position): a promise of `result` above. */
static napi_value start_commit(napi_env env, napi_callback_info info) {
  napi_value argv[4], name, promise;
  if (!arguments(env, info, 4, argv)) return NULL;
  struct bytes buffer = bytes_of(env, argv[1]);
  int64_t length = -1, position = -1;
  napi_get_value_int64(env, argv[2], &length);
  napi_get_value_int64(env, argv[3], &position);
  if (length < 0 || position < 0 || (uint64_t)length > buffer.length) {
    napi_throw_range_error(env, NULL, "commit: length or position out of range");
    return NULL;
  }
  struct commit *commit = calloc(1, sizeof *commit);
  if (commit == NULL || napi_create_reference(env, argv[1], 1, &commit->buffer) != napi_ok) {
    free(commit);
    napi_throw_error(env, NULL, "commit: out of memory");
    return NULL;
  }
  commit->fd = int_of(env, argv[0]);
  commit->data = buffer.data;
  commit->length = (size_t)length;
  commit->position = position;
  napi_create_promise(env, &commit->deferred, &promise);
  napi_create_string_utf8(env, "netio.commit", NAPI_AUTO_LENGTH, &name);
  napi_create_async_work(env, NULL, name, run_commit, end_commit, commit, &commit->work);
  napi_queue_async_work(env, commit->work);
  return promise;
}

/* lock(fd): flock, exclusive, not waiting. */
static napi_value lock(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  if (!arguments(env, info, 1, argv)) return NULL;
  return flock(int_of(env, argv[0]), LOCK_EX | LOCK_NB) == 0 ? number(env, 0) : failure(env);
}

void register_file(napi_env env, napi_value exports) {
  export_function(env, exports, "commit", start_commit);
  export_function(env, exports, "lock", lock);
}
