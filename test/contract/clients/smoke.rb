# A script of an administrator, with Ruby's XML-RPC library. Arguments: host, port, user, password.
require 'xmlrpc/client'

host, port, user, password = ARGV
server = XMLRPC::Client.new3(host: host, port: port.to_i, path: '/RPC2', user: user, password: password)
supervisor = server.proxy('supervisor')

puts "version #{supervisor.getAPIVersion}"
puts "state #{supervisor.getState['statename']}"
info = supervisor.getProcessInfo('cat')
puts "info #{info['name']} #{info['statename']} #{info['pid'].is_a?(Integer) ? 'int' : 'other'}"
begin
  supervisor.getProcessInfo('nosuch')
rescue XMLRPC::FaultException => e
  puts "fault #{e.faultCode} #{e.faultString}"
end
puts "stop #{supervisor.stopProcess('cat')}"
puts "start #{supervisor.startProcess('cat', true)}"
puts "stdin #{supervisor.sendProcessStdin('cat', "größer <&> 漢\n")}"
log = ''
log = supervisor.readProcessStdoutLog('cat', 0, 0).dup.force_encoding('UTF-8') until log.include?("\n")
print "log #{log}"
_, offset, overflow = supervisor.tailProcessStdoutLog('cat', 0, 4096)
puts "tail #{offset} #{overflow}"
puts "all #{supervisor.getAllProcessInfo.map { |process| process['name'] }.join(' ')}"
first, second = server.call('system.multicall', [
  { 'methodName' => 'supervisor.getAPIVersion', 'params' => [] },
  { 'methodName' => 'supervisor.getProcessInfo', 'params' => ['nosuch'] }
])
puts "many #{first} #{second['faultCode']}"
puts "stopped #{supervisor.stopAllProcesses[0]['description']}"
