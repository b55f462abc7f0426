/* Tells JavaScript when a file descriptor is readable, on node's own event loop. */
#include "netio.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <uv.h>

struct poller {
  uv_poll_t handle;
  napi_env env;
  napi_ref callback;
  napi_async_context context;
  napi_async_cleanup_hook_handle hook;
  bool closing;
  bool closed;    /* libuv is done with it */
  bool forgotten; /* JavaScript is done with it */
};

static void on_closed(uv_handle_t *handle) {
  struct poller *poller = handle->data;
  poller->closed = true;
  if (poller->hook != NULL) napi_remove_async_cleanup_hook(poller->hook);
  if (poller->forgotten) free(poller);
}

static void close_poller(struct poller *poller) {
  if (poller->closing) return;
  poller->closing = true;
  napi_delete_reference(poller->env, poller->callback);
  napi_async_destroy(poller->env, poller->context);
  uv_close((uv_handle_t *)&poller->handle, on_closed);
}

/* A worker or process that ends with a poller open: libuv insists on closed handles. */
static void on_exit_of_environment(napi_async_cleanup_hook_handle hook, void *data) {
  struct poller *poller = data;
  poller->hook = hook;
  close_poller(poller);
}

static void finalize_poller(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  struct poller *poller = data;
  poller->forgotten = true;
  if (poller->closed) free(poller);
  else close_poller(poller);
}

static void on_readable(uv_poll_t *handle, int status, int events) {
  (void)events;
  struct poller *poller = handle->data;
  napi_env env = poller->env;
  if (status < 0) {
    /* libuv stops polling for good when a socket has an error pending, such as ENOBUFS of an overrun netlink socket. That
     * is one more thing to wake up for, and no reason to go deaf. */
    uv_os_fd_t fd;
    int error;
    socklen_t length = sizeof error;
    if (uv_fileno((uv_handle_t *)handle, &fd) == 0) getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
    uv_poll_start(handle, UV_READABLE, on_readable);
  }
  napi_handle_scope scope;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  napi_value callback, global;
  if (napi_get_reference_value(env, poller->callback, &callback) == napi_ok && napi_get_global(env, &global) == napi_ok &&
      napi_make_callback(env, poller->context, global, callback, 0, NULL, NULL) == napi_pending_exception) {
    napi_value error;
    napi_get_and_clear_last_exception(env, &error);
    napi_fatal_exception(env, error);
  }
  napi_close_handle_scope(env, scope);
}

static struct poller *poller_of(napi_env env, napi_value value) {
  void *data = NULL;
  if (napi_get_value_external(env, value, &data) != napi_ok) return NULL;
  struct poller *poller = data;
  return poller->closing ? NULL : poller;
}

/* openPoller(fd, callback): a handle, not yet polling. */
static napi_value open_poller(napi_env env, napi_callback_info info) {
  napi_value argv[2], name, handle = NULL;
  if (!arguments(env, info, 2, argv)) return NULL;
  uv_loop_t *loop;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) return number(env, -ENOSYS);
  struct poller *poller = calloc(1, sizeof *poller);
  if (poller == NULL) return number(env, -ENOMEM);
  int error = uv_poll_init(loop, &poller->handle, int_of(env, argv[0]));
  if (error != 0) {
    free(poller);
    return number(env, error);
  }
  poller->env = env;
  poller->handle.data = poller;
  napi_create_string_utf8(env, "netio", NAPI_AUTO_LENGTH, &name);
  napi_create_reference(env, argv[1], 1, &poller->callback);
  napi_async_init(env, NULL, name, &poller->context);
  napi_add_async_cleanup_hook(env, on_exit_of_environment, poller, &poller->hook);
  if (napi_create_external(env, poller, finalize_poller, NULL, &handle) != napi_ok) {
    finalize_poller(env, poller, NULL);
    return number(env, -ENOMEM);
  }
  return handle;
}

static napi_value start_poller(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  if (!arguments(env, info, 1, argv)) return NULL;
  struct poller *poller = poller_of(env, argv[0]);
  return number(env, poller == NULL ? -EBADF : uv_poll_start(&poller->handle, UV_READABLE, on_readable));
}

static napi_value stop_poller(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  if (!arguments(env, info, 1, argv)) return NULL;
  struct poller *poller = poller_of(env, argv[0]);
  return number(env, poller == NULL ? -EBADF : uv_poll_stop(&poller->handle));
}

static napi_value close_poller_handle(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  if (!arguments(env, info, 1, argv)) return NULL;
  struct poller *poller = poller_of(env, argv[0]);
  if (poller != NULL) close_poller(poller);
  return number(env, 0);
}

void register_poll(napi_env env, napi_value exports) {
  export_function(env, exports, "openPoller", open_poller);
  export_function(env, exports, "startPoller", start_poller);
  export_function(env, exports, "stopPoller", stop_poller);
  export_function(env, exports, "closePoller", close_poller_handle);
}
