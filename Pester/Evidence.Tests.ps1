# Evidence files through the module: written, read, judged, in every form in which -Evidence takes them.

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    Import-Module $script:ModulePath -Force
    $script:Folder = [System.IO.Directory]::CreateDirectory(
        [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), [System.Guid]::NewGuid().ToString())).FullName
    $script:File = [System.IO.Path]::Combine($script:Folder, 'fabrikam.phs')
    $script:Written = Export-PhsEvidence $script:File -ConfigurationPath $script:Fabrikam

    # What identifies findings, without the time at which they were made.
    function Get-Answer {
        param([object[]] $Finding)

        foreach ($one in $Finding) {
            '{0} {1} {2} {3} {4} {5}' -f $one.CheckId, $one.Outcome, $one.Fingerprint, $one.Message, $one.Why, ($one.Remediation -join '|')
        }
    }
}

AfterAll {
    Remove-Item -LiteralPath $script:Folder -Recurse -Force
}

Describe 'Export-PhsEvidence' {
    It 'tells what it wrote and what is missing' {
        $script:Written.PSObject.TypeNames[0] | Should -Be 'PhsDiagnostics.EvidenceFile'
        $script:Written.Path | Should -Be $script:File
        $script:Written.Bytes | Should -Be ([System.IO.FileInfo]::new($script:File).Length)
        $script:Written.CollectedAt.Kind | Should -Be 'Utc'
        $script:Written.Parts.Name | Should -Contain 'server.json'
        ($script:Written.Missing | Where-Object Kind -EQ 'Cloud').Reason | Should -Be 'NotCollected'
    }

    It 'leaves a file that is there, and replaces it with -Force' {
        { Export-PhsEvidence $script:File -ConfigurationPath $script:Fabrikam -ErrorAction Stop } |
            Should -Throw -ErrorId 'Phs.Evidence.Exists*'
        (Export-PhsEvidence $script:File -ConfigurationPath $script:Fabrikam -Force).Path | Should -Be $script:File
    }

    It 'writes nothing with -WhatIf' {
        $file = [System.IO.Path]::Combine($script:Folder, 'whatif.phs')
        Export-PhsEvidence $file -ConfigurationPath $script:Fabrikam -WhatIf | Should -BeNullOrEmpty
        [System.IO.File]::Exists($file) | Should -BeFalse
    }

    It 'leaves a good file where nothing could be collected' {
        $before = [System.IO.File]::ReadAllBytes($script:File)
        $missing = [System.IO.Path]::Combine($script:Folder, 'missing')
        $told = $null
        Export-PhsEvidence $script:File -ConfigurationPath $missing -Force -ErrorVariable told -ErrorAction SilentlyContinue |
            Should -BeNullOrEmpty
        $told.FullyQualifiedErrorId | Should -Contain 'Phs.Evidence.NothingCollected,Export-PhsEvidence'
        [System.IO.File]::ReadAllBytes($script:File) | Should -Be $before
    }

    It 'names a folder that is not there, and leaves nothing' {
        $file = [System.IO.Path]::Combine($script:Folder, 'no', 'x.phs')
        { Export-PhsEvidence $file -ConfigurationPath $script:Fabrikam -ErrorAction Stop } |
            Should -Throw -ErrorId 'Phs.Evidence.NotWritten*'
    }
}

Describe 'Import-PhsEvidence' {
    It 'gives the manifest' {
        $read = Import-PhsEvidence $script:File
        $read.Machine | Should -Be $script:Written.Machine
        $read.CollectedAt.Kind | Should -Be 'Utc'
        $read.SchemaVersion | Should -Be 1
        $read.Redacted | Should -BeFalse
        "$read" | Should -Be $script:File
    }

    It 'takes files from the pipeline' {
        @(Get-ChildItem -LiteralPath $script:Folder -Filter '*.phs' | Import-PhsEvidence).Count | Should -BeGreaterOrEqual 1
    }

    It 'shows parts and gaps in its view' {
        $text = Import-PhsEvidence $script:File | Out-String -Width 120
        $text | Should -Match 'server\.json \('
        $text | Should -Match 'tenant: nobody asked for it'
    }

    It 'names what is no evidence file' {
        { Import-PhsEvidence ([System.IO.Path]::Combine($script:Root, 'README.md')) -ErrorAction Stop } |
            Should -Throw -ErrorId 'Phs.Evidence.NotEvidence*'
        { Import-PhsEvidence ([System.IO.Path]::Combine($script:Folder, 'gone.phs')) -ErrorAction Stop } |
            Should -Throw -ErrorId 'Phs.Evidence.NotFound*'
    }

    It 'names a part that was changed' {
        $copy = [System.IO.Path]::Combine($script:Folder, 'changed.phs')
        $bytes = [System.IO.File]::ReadAllBytes($script:File)
        # In the middle of the first part's packed bytes.
        $bytes[1000] = $bytes[1000] -bxor 0xff
        [System.IO.File]::WriteAllBytes($copy, $bytes)
        $read = Import-PhsEvidence $copy -ErrorVariable problem -ErrorAction SilentlyContinue
        $read.Path | Should -Be $copy
        $problem[0].FullyQualifiedErrorId | Should -Match '^Phs\.Evidence\.(WrongHash|Truncated)'
        $problem[0].Exception.Message | Should -Match 'server\.json'
        [System.IO.File]::Delete($copy)
    }
}

Describe '-Evidence' {
    It 'gives the findings of the source' {
        $live = Invoke-PhsDiagnostics -Path $script:Fabrikam
        $later = Invoke-PhsDiagnostics -Evidence $script:File
        $later.Count | Should -BeGreaterThan 15
        Get-Answer $later | Should -Be (Get-Answer $live)
    }

    It 'is a path, a file, or what Import-PhsEvidence gives, also from the pipeline' {
        $expected = Get-Answer (Test-PhsStagingMode -Path $script:Fabrikam)
        Get-Answer (Test-PhsStagingMode -Evidence $script:File) | Should -Be $expected
        Get-Answer (Test-PhsStagingMode -Evidence (Get-Item -LiteralPath $script:File)) | Should -Be $expected
        Get-Answer (Test-PhsStagingMode -Evidence (Import-PhsEvidence $script:File)) | Should -Be $expected
        Get-Answer (Import-PhsEvidence $script:File | Test-PhsStagingMode) | Should -Be $expected
        Get-Answer ($script:File | Test-PhsStagingMode) | Should -Be $expected
        Get-Answer (Get-Item -LiteralPath $script:File | Test-PhsStagingMode) | Should -Be $expected
    }

    It 'is a path with brackets, escaped or not' {
        $named = [System.IO.Path]::Combine($script:Folder, 'x[1].phs')
        [System.IO.File]::Copy($script:File, $named)
        foreach ($path in $named, [System.Management.Automation.WildcardPattern]::Escape($named)) {
            @(Test-PhsStagingMode -Evidence $path).CheckId | Should -Contain 'PHS401'
        }
        (Import-PhsEvidence $path -ErrorAction Stop).Path | Should -Be $named
    }

    It 'is never nothing, which would mean this machine' {
        { Invoke-PhsDiagnostics -Evidence '' } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }

    It 'is one at a time' {
        { Invoke-PhsDiagnostics -Evidence $script:File, $script:File } | Should -Throw -ErrorId 'Phs.Path.Ambiguous*'
    }

    It 'fails as the script that asks wants it' {
        $script = [System.IO.Path]::Combine($script:Folder, 'asks.ps1')
        [System.IO.File]::WriteAllText($script, 'param($Preference) $ErrorActionPreference = $Preference; Import-PhsEvidence ./none.phs; "on"')
        { & $script -Preference Stop } | Should -Throw -ErrorId 'Phs.Evidence.NotFound*'
        & $script -Preference SilentlyContinue 2>&1 | Should -Be 'on'
    }

    It 'still takes folders of exports from the pipeline' {
        $expected = Get-Answer (Test-PhsSignInMethod -Path $script:Healthy)
        Get-Answer (Get-Item -LiteralPath $script:Healthy | Test-PhsSignInMethod) | Should -Be $expected
    }

    It 'is taken by <_>' -ForEach 'Test-PhsSignInMethod', 'Test-PhsStagingMode', 'Test-PhsPermissions', 'Test-PhsConnectivity', 'Invoke-PhsDiagnostics',
    'Get-PhsConnectorAccount' {
        @(Import-PhsEvidence $script:File | & $_).Count | Should -BeGreaterThan 0
    }

    It 'is taken for users, who are not in this file' {
        Test-PhsUser -Identity kari -Evidence $script:File -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'Phs.User.NotInFile*'
        'kari', 'ola' | Test-PhsObjectSync -Evidence $script:File -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem.Count | Should -Be 2
        foreach ($all in 'Invoke-PhsUserAudit', 'Test-PhsTemporaryPassword') {
            { & $all -Evidence $script:File -ErrorAction Stop } | Should -Throw -ErrorId 'Phs.Evidence.NoUsers*'
        }
    }

    It 'gives what was found, without names, from a redacted file' {
        $file = [System.IO.Path]::Combine($script:Folder, 'redacted.phs')
        (Export-PhsEvidence $file -ConfigurationPath $script:Fabrikam -Redact).Redacted | Should -BeTrue
        $live = Invoke-PhsDiagnostics -Path $script:Fabrikam -Step A1, A2, A3, A4, Service
        $told = Invoke-PhsDiagnostics -Evidence $file -Step A1, A2, A3, A4, Service
        ($told | ForEach-Object { "$($_.CheckId) $($_.Outcome)" }) | Should -Be ($live | ForEach-Object { "$($_.CheckId) $($_.Outcome)" })
        $text = $told | ConvertTo-Json -Depth 5
        $text | Should -Not -Match 'fabrikam|tailspin'
        Test-PhsUser -Identity kari -Evidence $file -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'Phs.Evidence.Redacted*'
    }

    It 'answers -Quiet' {
        Invoke-PhsDiagnostics -Evidence $script:File -Step A2 -Quiet | Should -BeFalse
    }
}
