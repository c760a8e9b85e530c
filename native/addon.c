/*
 * The export table. No state of the addon outlives a call, but for watches (watch.c) and inboxes (file-jobs-calls.c), which
 * JavaScript holds, and the threads that fill them.
 */
#include "functions.h"

#include <stddef.h>

static const struct {
  const char *name;
  napi_callback function;
} exported[] = {
    {"spawn", spawn_child},
    {"reap", reap_children},
    {"pipe", make_pipe},
    {"close", close_fd},
    {"dupTo", dup_to},
    {"openNullOnto", open_null_onto},
    {"setNonBlocking", set_non_blocking},
    {"setCloseOnExec", set_close_on_exec},
    {"resizePipe", resize_pipe},
    {"pipeBytes", pipe_bytes},
    {"readAvailable", read_available},
    {"writeSome", write_some},
    {"watchOpen", watch_open},
    {"watchStart", watch_start},
    {"watchStop", watch_stop},
    {"watchClose", watch_close},
    {"resolveHost", resolve_host},
    {"listenInet", listen_inet},
    {"listenUnix", listen_unix},
    {"peerOf", peer_of},
    {"userByName", user_by_name},
    {"userById", user_by_id},
    {"groupByName", group_by_name},
    {"groupById", group_by_id},
    {"groupsOfUser", groups_of_user},
    {"lookUpIdentity", look_up_identity},
    {"setIdentity", set_identity},
    {"getRlimit", get_limit},
    {"setRlimit", set_limit},
    {"kill", send_signal},
    {"setDisposition", set_disposition},
    {"setSubreaper", set_subreaper},
    {"mapLargeBlocks", map_large_blocks},
    {"trimMemory", trim_memory},
    {"setsid", new_session},
    {"execve", replace_process},
    {"datagramOpen", datagram_open},
    {"datagramSend", datagram_send},
    {"pumpOpen", pump_open},
    {"pumpNotes", pump_notes},
    {"pumpSettle", pump_finish},
    {"pumpAddFile", pump_add_file},
    {"pumpPush", pump_push},
    {"pumpHold", pump_hold},
    {"pumpGoOn", pump_go_on},
    {"pumpFollow", pump_follow},
    {"pumpFacts", pump_facts},
    {"pumpBacklog", pump_backlog},
    {"pumpDropFile", pump_drop_file},
    {"pumpAddStream", pump_add_stream},
    {"pumpDrain", pump_drain},
    {"pumpPart", pump_part},
    {"pumpBytes", pump_bytes},
    {"pumpDropStream", pump_drop_stream},
    {"walkPath", walk_path},
    {"blockMake", make_block},
    {"ownDescriptor", find_own_descriptor},
    {"inboxOpen", open_inbox},
    {"inboxTake", take_from_inbox},
    {"fileJobStart", start_file_job},
    {"jobsRunningMs", get_jobs_running_ms},
    {"jobThreads", count_job_threads},
};

NAPI_MODULE_INIT() {
  for (size_t i = 0; i < sizeof(exported) / sizeof(exported[0]); i++) {
    napi_value function;
    if (napi_create_function(env, exported[i].name, NAPI_AUTO_LENGTH, exported[i].function, NULL, &function) !=
            napi_ok ||
        napi_set_named_property(env, exports, exported[i].name, function) != napi_ok) {
      return NULL;
    }
  }
  return exports;
}
