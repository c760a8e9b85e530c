/*
 * Every function that JavaScript can call; src/native/binding.ts says what each takes and gives.
 */
#ifndef SUPERVISORD_FUNCTIONS_H
#define SUPERVISORD_FUNCTIONS_H

#include <node_api.h>

/* spawn.c, reap.c */
napi_value spawn_child(napi_env env, napi_callback_info info);
napi_value reap_children(napi_env env, napi_callback_info info);

/* fds.c */
napi_value make_pipe(napi_env env, napi_callback_info info);
napi_value close_fd(napi_env env, napi_callback_info info);
napi_value dup_to(napi_env env, napi_callback_info info);
napi_value open_null_onto(napi_env env, napi_callback_info info);
napi_value set_non_blocking(napi_env env, napi_callback_info info);
napi_value set_close_on_exec(napi_env env, napi_callback_info info);
napi_value resize_pipe(napi_env env, napi_callback_info info);
napi_value pipe_bytes(napi_env env, napi_callback_info info);
napi_value read_available(napi_env env, napi_callback_info info);
napi_value write_some(napi_env env, napi_callback_info info);

/* watch.c */
napi_value watch_open(napi_env env, napi_callback_info info);
napi_value watch_start(napi_env env, napi_callback_info info);
napi_value watch_stop(napi_env env, napi_callback_info info);
napi_value watch_close(napi_env env, napi_callback_info info);

/* sockets.c */
napi_value resolve_host(napi_env env, napi_callback_info info);
napi_value listen_inet(napi_env env, napi_callback_info info);
napi_value listen_unix(napi_env env, napi_callback_info info);
napi_value peer_of(napi_env env, napi_callback_info info);

/* users.c */
napi_value user_by_name(napi_env env, napi_callback_info info);
napi_value user_by_id(napi_env env, napi_callback_info info);
napi_value group_by_name(napi_env env, napi_callback_info info);
napi_value group_by_id(napi_env env, napi_callback_info info);
napi_value groups_of_user(napi_env env, napi_callback_info info);

/* lookup-thread.c */
napi_value look_up_identity(napi_env env, napi_callback_info info);

/* identity.c */
napi_value set_identity(napi_env env, napi_callback_info info);

/* limits.c */
napi_value get_limit(napi_env env, napi_callback_info info);
napi_value set_limit(napi_env env, napi_callback_info info);

/* process.c */
napi_value send_signal(napi_env env, napi_callback_info info);
napi_value set_disposition(napi_env env, napi_callback_info info);
napi_value set_subreaper(napi_env env, napi_callback_info info);
napi_value new_session(napi_env env, napi_callback_info info);
napi_value replace_process(napi_env env, napi_callback_info info);

/* memory.c */
napi_value map_large_blocks(napi_env env, napi_callback_info info);
napi_value trim_memory(napi_env env, napi_callback_info info);

/* datagram.c */
napi_value datagram_open(napi_env env, napi_callback_info info);
napi_value datagram_send(napi_env env, napi_callback_info info);

/* pump-binding.c */
napi_value pump_open(napi_env env, napi_callback_info info);
napi_value pump_notes(napi_env env, napi_callback_info info);
napi_value pump_finish(napi_env env, napi_callback_info info);
napi_value pump_add_file(napi_env env, napi_callback_info info);
napi_value pump_push(napi_env env, napi_callback_info info);
napi_value pump_hold(napi_env env, napi_callback_info info);
napi_value pump_go_on(napi_env env, napi_callback_info info);
napi_value pump_follow(napi_env env, napi_callback_info info);
napi_value pump_facts(napi_env env, napi_callback_info info);
napi_value pump_backlog(napi_env env, napi_callback_info info);
napi_value pump_drop_file(napi_env env, napi_callback_info info);
napi_value pump_add_stream(napi_env env, napi_callback_info info);
napi_value pump_drain(napi_env env, napi_callback_info info);
napi_value pump_part(napi_env env, napi_callback_info info);
napi_value pump_bytes(napi_env env, napi_callback_info info);
napi_value pump_drop_stream(napi_env env, napi_callback_info info);
/* paths-calls.c */
napi_value walk_path(napi_env env, napi_callback_info info);
napi_value find_own_descriptor(napi_env env, napi_callback_info info);

/* block-calls.c, file-jobs-calls.c, jobs-calls.c */
napi_value make_block(napi_env env, napi_callback_info info);
napi_value open_inbox(napi_env env, napi_callback_info info);
napi_value take_from_inbox(napi_env env, napi_callback_info info);
napi_value start_file_job(napi_env env, napi_callback_info info);
napi_value get_jobs_running_ms(napi_env env, napi_callback_info info);
napi_value count_job_threads(napi_env env, napi_callback_info info);

#endif
