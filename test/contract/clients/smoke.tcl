# A script of an administrator, with Tcl's xmlrpc package, which speaks HTTP 1.0 and cannot log in. Arguments: host, port.
package require xmlrpc

lassign $argv host port

# What a method answers; a struct is a list of names and values.
proc call {method args} {
    global host port
    return [lindex [xmlrpc::call "http://$host:$port" RPC2 $method $args] 1]
}

proc member {struct name} {
    return [lindex [xmlrpc::assoc $name $struct] 1]
}

puts "version [call supervisor.getAPIVersion]"
puts "state [member [call supervisor.getState] statename]"
set info [call supervisor.getProcessInfo {string cat}]
puts "info [member $info name] [member $info statename] [expr {[string is integer [member $info pid]] ? {int} : {other}}]"
set fault [call supervisor.getProcessInfo {string nosuch}]
puts "fault [member $fault faultCode] [member $fault faultString]"
puts "stop [call supervisor.stopProcess {string cat}]"
puts "start [call supervisor.startProcess {string cat} {boolean 1}]"
puts "stdin [call supervisor.sendProcessStdin {string cat} {string hello}]"
puts "stopped [call supervisor.stopProcess {string cat}]"
