<?php
// A script of an administrator, with PHP's XML-RPC extension. Arguments: host, port, user, password.
[, $host, $port, $user, $password] = $argv;

function call(string $method, array $params = [])
{
    global $host, $port, $user, $password;
    $context = stream_context_create(['http' => [
        'method' => 'POST',
        'header' => "Content-Type: text/xml\r\nAuthorization: Basic " . base64_encode("$user:$password"),
        'content' => xmlrpc_encode_request($method, $params, ['encoding' => 'UTF-8', 'escaping' => 'markup']),
    ]]);
    return xmlrpc_decode(file_get_contents("http://$host:$port/RPC2", false, $context), 'UTF-8');
}

function show($value): string
{
    return is_bool($value) ? ($value ? 'true' : 'false') : (string) $value;
}

echo 'version ', call('supervisor.getAPIVersion'), "\n";
echo 'state ', call('supervisor.getState')['statename'], "\n";
$info = call('supervisor.getProcessInfo', ['cat']);
echo 'info ', $info['name'], ' ', $info['statename'], ' ', is_int($info['pid']) ? 'int' : 'other', "\n";
$fault = call('supervisor.getProcessInfo', ['nosuch']);
echo 'fault ', $fault['faultCode'], ' ', $fault['faultString'], "\n";
echo 'stop ', show(call('supervisor.stopProcess', ['cat'])), "\n";
echo 'start ', show(call('supervisor.startProcess', ['cat', true])), "\n";
echo 'stdin ', show(call('supervisor.sendProcessStdin', ['cat', "größer <&> 漢\n"])), "\n";
do {
    $log = call('supervisor.readProcessStdoutLog', ['cat', 0, 0]);
} while (!str_contains($log, "\n"));
echo 'log ', $log;
$tail = call('supervisor.tailProcessStdoutLog', ['cat', 0, 4096]);
echo 'tail ', $tail[1], ' ', show($tail[2]), "\n";
echo 'all ', implode(' ', array_column(call('supervisor.getAllProcessInfo'), 'name')), "\n";
[$first, $second] = call('system.multicall', [[
    ['methodName' => 'supervisor.getAPIVersion', 'params' => []],
    ['methodName' => 'supervisor.getProcessInfo', 'params' => ['nosuch']],
]]);
echo 'many ', $first, ' ', $second['faultCode'], "\n";
echo 'stopped ', call('supervisor.stopAllProcesses')[0]['description'], "\n";
