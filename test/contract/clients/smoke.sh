#!/bin/sh
# A script of an administrator, with the xmlrpc command of Xmlrpc-c. Arguments: host, port, user, password.
host=$1 port=$2 user=$3 password=$4

call() {
  xmlrpc "http://$host:$port/RPC2" "$@" "-username=$user" "-password=$password" 2>&1
}

call supervisor.getAPIVersion
call supervisor.getState
call supervisor.getProcessInfo s/nosuch
call supervisor.stopProcess s/cat
call supervisor.startProcess s/cat b/true
call supervisor.sendProcessStdin s/cat 's/größer <&> 漢'
call supervisor.readLog i/0 i/4
call supervisor.tailProcessStdoutLog s/cat i/0 i/0
call supervisor.stopAllProcesses
