/* Tells JavaScript where this kernel's headers have the fields of BPF buffers and routing messages: nobody types them again. */
#include "layout.h"

#include "bsd.h"

static napi_value layout(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value fields = NULL;
  napi_create_object(env, &fields);
#define SET(name, value) napi_set_named_property(env, fields, #name, number(env, (int64_t)(value)));
  KERNEL_LAYOUT(SET)
#undef SET
  return fields;
}

void register_layout(napi_env env, napi_value exports) { export_function(env, exports, "kernelLayout", layout); }
