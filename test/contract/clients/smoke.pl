# A script of an administrator, with Perl's XMLRPC::Lite. Arguments: host, port, user, password.
use strict;
use warnings;
use utf8;
use XMLRPC::Lite;

binmode STDOUT, ':encoding(UTF-8)';
my ($host, $port, $user, $password) = @ARGV;
my $server = XMLRPC::Lite->proxy("http://$user:$password\@$host:$port/RPC2");

sub call {
    my $answer = $server->call(@_);
    return $answer->fault // $answer->result;
}

sub show { return $_[0] ? 'true' : 'false' }

sub text { return XMLRPC::Data->type(string => $_[0]) }

print 'version ', call('supervisor.getAPIVersion'), "\n";
print 'state ', call('supervisor.getState')->{statename}, "\n";
my $info = call('supervisor.getProcessInfo', 'cat');
print "info $info->{name} $info->{statename} ", $info->{pid} =~ /^\d+$/ ? 'int' : 'other', "\n";
my $fault = call('supervisor.getProcessInfo', 'nosuch');
print "fault $fault->{faultCode} $fault->{faultString}\n";
print 'stop ', show(call('supervisor.stopProcess', 'cat')), "\n";
print 'start ', show(call('supervisor.startProcess', 'cat', XMLRPC::Data->type(boolean => 1))), "\n";
print 'stdin ', show(call('supervisor.sendProcessStdin', 'cat', text("größer <&> 漢\n"))), "\n";
my $log = '';
$log = call('supervisor.readProcessStdoutLog', 'cat', 0, 0) until $log =~ /\n/;
print "log $log";
my $tail = call('supervisor.tailProcessStdoutLog', 'cat', 0, 4096);
print "tail $tail->[1] ", show($tail->[2]), "\n";
print 'all ', join(' ', map { $_->{name} } @{ call('supervisor.getAllProcessInfo') }), "\n";
my ($first, $second) = @{ call('system.multicall', [
    { methodName => 'supervisor.getAPIVersion', params => [] },
    { methodName => 'supervisor.getProcessInfo', params => ['nosuch'] },
]) };
print "many $first $second->{faultCode}\n";
print 'stopped ', call('supervisor.stopAllProcesses')->[0]{description}, "\n";
